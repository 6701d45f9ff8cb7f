#include "bitstream/vc1_packet.hpp"

#include "bitstream/bit_reader.hpp"
#include "bitstream/start_codes.hpp"

namespace kf::bitstream {
namespace {

constexpr unsigned explicit_quantiser = 1;
constexpr unsigned fields_farthest = 16;
constexpr unsigned no_fraction = 21;
constexpr unsigned intra_fraction = 22;  // says that a B-picture is intra
constexpr std::size_t least_bytes = 2;   // of fewer libavcodec decodes nothing

enum class Kind : std::uint8_t { none, i, p, b, bi, skipped };
enum class Coding : std::uint8_t { progressive, interlaced, fields };

struct Picture {
    Kind kind = Kind::none;  ///< none where the header is not one that a decoder goes on with
    Kind second = Kind::none;
    Coding coding = Coding::progressive;
    [[nodiscard]] bool reference() const noexcept { return kind == Kind::i || kind == Kind::p || kind == Kind::skipped; }
};

/// The units of one packet.
struct Units {
    int frames = 0;
    int fields = 0;  ///< second ones
    Bytes frame;
    Bytes field;
};

bool begins_with_start_code(Bytes bytes) noexcept {
    return bytes.size() > 3 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] == 1;
}

/// 7.1.1.14: where it lies between its references.
template <class Reader>
unsigned read_fraction(Reader& bits) {
    const unsigned code = bits.bits(3);
    return code < 7 ? code : 7 + bits.bits(4);
}

void set_b(Picture& picture, unsigned fraction) noexcept {
    if (fraction == no_fraction) picture.kind = Kind::none;
    if (fraction == intra_fraction) picture.kind = Kind::bi;
}

/// 7.1.
Picture read_main_picture(Bytes bytes, const Vc1Sequence& sequence) noexcept {
    Picture picture;
    BitReader reader(bytes);
    reader.skip((sequence.interpolation ? 1 : 0) + 2 + (sequence.range_reduction ? 1 : 0));
    if (reader.flag()) {
        picture.kind = Kind::p;
    } else {
        picture.kind = sequence.b_pictures && !reader.flag() ? Kind::b : Kind::i;
    }
    if (picture.kind == Kind::b) set_b(picture, read_fraction(reader));
    if (picture.kind == Kind::i || picture.kind == Kind::bi) reader.skip(7);
    if (reader.bits(5) == 0 || reader.past_end()) picture.kind = Kind::none;  // its quantiser
    return picture;
}

/// 9.1.1.42: of both fields.
void set_fields(Picture& picture, unsigned type) noexcept {
    const auto kind = [type](unsigned bit) {
        if ((type & 4U) != 0) return (type & bit) != 0 ? Kind::bi : Kind::b;
        return (type & bit) != 0 ? Kind::p : Kind::i;
    };
    picture.kind = kind(2);
    picture.second = kind(1);
}

Kind read_kind(RbspReader& bits) noexcept {
    constexpr Kind kinds[]{Kind::p, Kind::b, Kind::i, Kind::bi, Kind::skipped};
    unsigned ones = 0;
    while (ones < 4 && bits.bit() != 0) ++ones;
    return kinds[ones];
}

/// 7.1 and 9.1.
Picture read_advanced_picture(Bytes payload, const Vc1Sequence& sequence, const Vc1EntryPoint& entry) noexcept {
    Picture picture;
    RbspReader bits(payload);
    if (sequence.interlaced && bits.bit() != 0) picture.coding = bits.bit() != 0 ? Coding::fields : Coding::interlaced;
    const bool fields = picture.coding == Coding::fields;
    if (fields) {
        set_fields(picture, bits.bits(3));
    } else {
        picture.kind = read_kind(bits);
    }
    if (sequence.frame_counter) (void)bits.bits(8);
    if (sequence.pulldown) (void)bits.bits(2);
    if (picture.kind == Kind::skipped) return picture;
    (void)bits.bits(sequence.interlaced ? 2 : 1);
    if (fields && picture.reference() && (entry.tools & vc1::field_distance) != 0) {
        unsigned distance = bits.bits(2);
        while (distance >= 3 && distance <= fields_farthest && bits.bit() != 0) ++distance;
        if (distance > fields_farthest) return {};
    }
    if (fields && !picture.reference() && read_fraction(bits) == no_fraction) return {};
    if (picture.coding == Coding::progressive) {
        if (sequence.interpolation) (void)bits.bit();
        if (picture.kind == Kind::b) set_b(picture, read_fraction(bits));
    }
    if (bits.bits(5) == 0) picture.kind = Kind::none;  // its quantiser
    return picture;
}

/// Whether a second field that is a P-field refers to the first one alone. 9.1.1 and 10.3.1.
bool refers_to_first_alone(Bytes payload, const Vc1Sequence& sequence, const Vc1EntryPoint& entry) noexcept {
    RbspReader bits(payload);
    const unsigned quantiser = bits.bits(5);
    if (quantiser <= 8) (void)bits.bit();
    if ((entry.tools & vc1::quantiser) == explicit_quantiser) (void)bits.bit();
    if (sequence.postprocessing) (void)bits.bits(2);
    const bool both = bits.bit() != 0;
    return quantiser != 0 && !both && bits.bit() == 0;
}

Units units_of(Bytes bytes) noexcept {
    Units units;
    const bool bare = !begins_with_start_code(bytes);
    if (bare) {
        units.frame = bytes.first(find_start_code(bytes, 0));
        units.frames = 1;
    }
    for_each_vc1_unit(bytes, [&units](unsigned code, Bytes payload) {
        if (code == vc1::frame && units.frames++ == 0) units.frame = payload;
        if (code == vc1::field && units.fields++ == 0) units.field = payload;
    });
    return units;
}

/// references: pictures that others may refer to, so far. A decoder that has none makes one up and shows it, too.
int shown_of(const Picture& picture, int& references) noexcept {
    if (!picture.reference()) return references >= 2 ? 1 : 0;
    return references++ > 0 || picture.kind == Kind::i ? 1 : unknown_pictures;
}

}  // namespace

void Vc1Order::read_extradata(Bytes bytes, bool advanced) noexcept {
    if (!advanced) {
        sequence_ = read_vc1_main_sequence(bytes);
        return;
    }
    for_each_vc1_unit(bytes, [this](unsigned code, Bytes payload) {
        if (code == vc1::sequence) sequence_ = read_vc1_sequence(payload);
        if (code == vc1::entry_point) first_ = current_ = read_vc1_entry_point(payload, sequence_, current_);
    });
}

PacketFacts Vc1Order::read(Bytes bytes) noexcept {
    if (!sequence_.known) return {};
    return sequence_.advanced ? read_advanced(bytes) : read_main(bytes);
}

PacketFacts Vc1Order::read_main(Bytes bytes) noexcept {
    PacketFacts facts;
    facts.delayed = sequence_.b_pictures;
    if (bytes.size() < least_bytes) {  // the picture before it goes on; it still changes how later ones are rounded
        facts.shown = 0;
        return facts;
    }
    const Picture picture = read_main_picture(bytes, sequence_);
    facts.delayed = facts.delayed && picture.reference();
    facts.entry = picture.kind == Kind::i;
    if (picture.kind != Kind::none) facts.shown = shown_of(picture, references_);
    return facts;
}

PacketFacts Vc1Order::read_advanced(Bytes bytes) noexcept {
    Vc1EntryPoint from_here = first_;  // what a decoder knows that begins with this packet
    PacketFacts facts;
    if (begins_with_start_code(bytes)) {
        for_each_vc1_unit(bytes, [&](unsigned code, Bytes payload) {
            if (code != vc1::entry_point) return;
            from_here = read_vc1_entry_point(payload, sequence_, from_here);
            current_ = read_vc1_entry_point(payload, sequence_, current_);
            facts.headers = true;
        });
    }
    changed_ = changed_ || current_.width != first_.width || current_.height != first_.height;
    const Units units = units_of(bytes);
    const Picture picture = read_advanced_picture(units.frame, sequence_, current_);
    const bool fields = picture.coding == Coding::fields;
    const bool whole = units.frames == 1 && units.fields == (fields ? 1 : 0) && picture.kind != Kind::none;
    facts.delayed = picture.reference();
    if (!whole || !current_.known) return facts;
    const bool alone = picture.kind == Kind::i &&
                       (!fields || picture.second == Kind::i || refers_to_first_alone(units.field, sequence_, current_));
    facts.entry = alone && from_here == current_;
    const int shown = shown_of(picture, references_);
    if (!changed_) facts.shown = shown;
    return facts;
}

}  // namespace kf::bitstream
