#include "bitstream/vc1_packet.hpp"

#include <cstddef>
#include <cstdint>

#include "bitstream/bit_reader.hpp"

namespace kf::bitstream {
namespace {

constexpr unsigned explicit_quantiser = 1;
constexpr unsigned farthest_field = 16;  // REFDIST

/// What a picture header of the advanced profile says: SMPTE 421M, 7.1.1 and 9.1.1.
struct Picture {
    bool intra = false;         ///< the frame, or its first field, is an I-picture that a decoder takes
    bool fields = false;        ///< two fields, coded apart
    bool second_intra = false;  ///< the second field is an I-field
};

/// The BDUs of one packet.
struct Units {
    int frames = 0;
    int fields = 0;  ///< second fields
    Bytes frame;     ///< payload of the first of each
    Bytes field;
};

bool begins_with_start_code(Bytes bytes) noexcept {
    return bytes.size() > 3 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] == 1;
}

/// Picture header of the simple and main profiles: 7.1.1.
bool is_main_intra(Bytes bytes, const Vc1Sequence& sequence) noexcept {
    constexpr std::size_t least_bytes = 2;  // of a shorter packet libavcodec decodes nothing
    if (bytes.size() < least_bytes) return false;
    BitReader reader(bytes);
    reader.skip((sequence.interpolation ? 1 : 0) + 2 + (sequence.range_reduction ? 1 : 0));
    if (reader.flag()) return false;                          // PTYPE: P
    if (sequence.b_pictures && !reader.flag()) return false;  // PTYPE: B or BI
    reader.skip(7);                                           // BF
    return reader.bits(5) != 0 && !reader.past_end();         // PQINDEX
}

/// PTYPE of a frame: variable-length code of P, B, I, BI and skipped.
bool is_intra_type(RbspReader& reader) noexcept {
    constexpr unsigned intra = 2;
    unsigned ones = 0;
    while (ones < 4 && reader.flag()) ++ones;
    return ones == intra;
}

Picture read_advanced_picture(Bytes payload, const Vc1Sequence& sequence, const Vc1EntryPoint& entry) noexcept {
    Picture picture;
    RbspReader reader(payload);
    const bool interlaced = sequence.interlaced && reader.flag();  // FCM
    picture.fields = interlaced && reader.flag();
    if (picture.fields) {
        const unsigned types = reader.bits(3);  // FPTYPE: 0 and 1 begin with an I-field
        picture.intra = types <= 1;
        picture.second_intra = types == 0;
    } else {
        picture.intra = is_intra_type(reader);
    }
    if (!picture.intra) return picture;
    if (sequence.frame_counter) reader.skip(8);
    if (sequence.pulldown) reader.skip(2);
    reader.skip(sequence.interlaced ? 2 : 1);  // RNDCTRL, UVSAMP
    if (picture.fields && (entry.tools & vc1::field_distance) != 0) {
        unsigned distance = reader.bits(2);
        while (distance >= 3 && distance <= farthest_field && reader.flag()) ++distance;
        if (distance > farthest_field) return {};
    }
    if (!interlaced && sequence.interpolation) reader.skip(1);
    picture.intra = reader.bits(5) != 0;  // PQINDEX
    return picture;
}

/// Whether a second field that is a P-field refers to the first one alone: 9.1.1 and 10.3.1.
bool refers_to_first_alone(Bytes payload, const Vc1Sequence& sequence, const Vc1EntryPoint& entry) noexcept {
    RbspReader reader(payload);
    const unsigned quantiser = reader.bits(5);
    if (quantiser <= 8) reader.skip(1);
    if ((entry.tools & vc1::quantiser) == explicit_quantiser) reader.skip(1);
    if (sequence.postprocessing) reader.skip(2);
    const bool both = reader.flag();  // NUMREF
    return quantiser != 0 && !both && !reader.flag();
}

Units units_of(Bytes bytes) noexcept {
    Units units;
    if (!begins_with_start_code(bytes)) {
        units.frame = bytes.first(find_start_code(bytes, 0));
        units.frames = 1;
    }
    for_each_vc1_unit(bytes, [&units](unsigned type, Bytes payload) {
        if (type == vc1::frame && units.frames++ == 0) units.frame = payload;
        if (type == vc1::field && units.fields++ == 0) units.field = payload;
    });
    return units;
}

}  // namespace

void Vc1Entries::read_extradata(Bytes bytes, bool advanced) noexcept {
    if (!advanced) {
        sequence_ = read_vc1_main_sequence(bytes);
        return;
    }
    for_each_vc1_unit(bytes, [this](unsigned type, Bytes payload) {
        if (type == vc1::sequence) sequence_ = read_vc1_sequence(payload);
        if (type == vc1::entry_point) first_ = current_ = read_vc1_entry_point(payload, sequence_, current_);
    });
}

PacketFacts Vc1Entries::read(Bytes bytes) noexcept {
    if (!sequence_.known) return {};
    if (sequence_.advanced) return read_advanced(bytes);
    PacketFacts facts;
    facts.entry = is_main_intra(bytes, sequence_);
    return facts;
}

PacketFacts Vc1Entries::read_advanced(Bytes bytes) noexcept {
    Vc1EntryPoint from_here = first_;  // what a decoder knows that begins with this packet
    PacketFacts facts;
    if (begins_with_start_code(bytes)) {
        for_each_vc1_unit(bytes, [&](unsigned type, Bytes payload) {
            if (type != vc1::entry_point) return;
            from_here = read_vc1_entry_point(payload, sequence_, from_here);
            current_ = read_vc1_entry_point(payload, sequence_, current_);
            facts.headers = true;
        });
    }
    const Units units = units_of(bytes);
    const Picture picture = read_advanced_picture(units.frame, sequence_, current_);
    const bool whole = units.frames == 1 && units.fields == (picture.fields ? 1 : 0);
    const bool needs_no_other = picture.intra && (!picture.fields || picture.second_intra ||
                                                  refers_to_first_alone(units.field, sequence_, current_));
    facts.entry = whole && needs_no_other && current_.known && from_here == current_;
    return facts;
}

}  // namespace kf::bitstream
