// The saved form: a tag, then little-endian base-128 numbers (signed ones zigzag), differences where neighbours are close.
#include <algorithm>
#include <cstring>
#include <limits>
#include <string_view>

#include "base/error.hpp"
#include "base/frame_index.hpp"

namespace kf {
namespace {

constexpr std::string_view tag = "KFI2";
constexpr std::int64_t max_pixels_a_side = 1 << 16;
constexpr std::int64_t max_delay = 64;
constexpr std::size_t palette_size = 1024;

constexpr std::uint64_t direct_flag = 1;
constexpr std::uint64_t entry_flag = 2;
constexpr std::uint64_t cut_flag = 4;
constexpr std::uint64_t continues_flag = 8;
constexpr unsigned droppable_shift = 4;
constexpr std::int32_t outside_flag = 256;  // of a parameter set, beside its type

class Writer {
public:
    void number(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<std::uint8_t>(value | 0x80));
        bytes.push_back(static_cast<std::uint8_t>(value));
    }
    void signed_number(std::int64_t value) {
        number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
    }
    template <class Range>
    void string(const Range& range) {
        number(range.size());
        bytes.insert(bytes.end(), range.begin(), range.end());
    }
    void rational(const Rational& value) {
        signed_number(value.num);
        signed_number(value.den);
    }
    std::vector<std::uint8_t> bytes;
};

class Reader {
public:
    explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    [[noreturn]] static void refuse(const char* why) {
        throw Failure(ErrorCode::corrupt, Stage::index,
                      std::string("the saved frame index is not valid: ") + why + "; build it anew");
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (bytes_.empty()) refuse("it ends too soon");
            const std::uint64_t byte = bytes_.front();
            bytes_ = bytes_.subspan(1);
            value |= (byte & 0x7F) << shift;
            if (byte < 0x80) return value;
        }
        refuse("a number is too long");
    }
    std::int64_t signed_number() {
        const std::uint64_t value = number();
        return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
    }
    std::int64_t within(std::int64_t low, std::int64_t high, const char* what) {
        const std::int64_t value = signed_number();
        if (value < low || value > high) refuse(what);
        return value;
    }
    std::int32_t small(std::int64_t low, std::int64_t high, const char* what) {
        return static_cast<std::int32_t>(within(low, high, what));
    }
    std::span<const std::uint8_t> string() {
        const std::uint64_t size = number();
        if (size > bytes_.size()) refuse("it ends too soon");
        const auto part = bytes_.first(static_cast<std::size_t>(size));
        bytes_ = bytes_.subspan(part.size());
        return part;
    }
    std::string text() {
        const auto part = string();
        if (!std::all_of(part.begin(), part.end(), [](std::uint8_t c) { return c > 0x20 && c < 0x7F; })) {
            refuse("a name is not plain text");
        }
        return {part.begin(), part.end()};
    }
    Rational rational() {
        const Rational value{signed_number(), signed_number()};
        if (value.den <= 0 || value.num < 0 || value.num > INT32_MAX || value.den > INT32_MAX)
            refuse("a rate is out of range");
        return value;
    }
    /// A count of things of at least `bytes_each`, so that a false header cannot ask for memory the file does not back.
    std::size_t count(std::size_t bytes_each) {
        const std::uint64_t value = number();
        if (value > bytes_.size() / bytes_each || value > INT32_MAX) refuse("a count is larger than the index");
        return static_cast<std::size_t>(value);
    }
    [[nodiscard]] bool at_end() const noexcept { return bytes_.empty(); }
    void skip_tag() {
        if (bytes_.size() < tag.size() || std::memcmp(bytes_.data(), tag.data(), tag.size()) != 0)
            refuse("it does not begin as one");
        bytes_ = bytes_.subspan(tag.size());
    }

private:
    std::span<const std::uint8_t> bytes_;
};

/// Sum that a hostile difference cannot overflow.
std::int64_t add(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

constexpr std::int64_t max_pts = std::numeric_limits<std::int64_t>::max() / 4;

void read_parameter_sets(Reader& reader, FrameIndex& index) {
    index.parameter_sets.resize(reader.count(4));
    std::int32_t last = 0;
    for (ParameterSet& set : index.parameter_sets) {
        set.ordinal = reader.small(last, INT32_MAX, "parameter sets are not in order");
        const std::int32_t kind = reader.small(0, UINT8_MAX | outside_flag, "unknown parameter set");
        set.type = static_cast<std::uint8_t>(kind & UINT8_MAX);
        set.outside = (kind & outside_flag) != 0;
        set.id = static_cast<std::uint32_t>(reader.within(0, UINT32_MAX, "unknown parameter set"));
        const auto nal = reader.string();
        set.nal.assign(nal.begin(), nal.end());
        last = set.ordinal;
    }
}

void read_packets(Reader& reader, FrameIndex& index) {
    index.packets.resize(reader.count(4));
    std::int64_t position = 0;
    std::int64_t order = 0;
    for (PacketEntry& packet : index.packets) {
        const std::uint64_t flags = reader.number();
        packet.direct = (flags & direct_flag) != 0;
        packet.entry = (flags & entry_flag) != 0;
        packet.cut = (flags & cut_flag) != 0;
        packet.continues = (flags & continues_flag) != 0;
        const std::uint64_t droppable = flags >> droppable_shift;
        if (droppable > static_cast<std::uint64_t>(Droppable::yes)) Reader::refuse("unknown packet flags");
        packet.droppable = static_cast<Droppable>(droppable);
        packet.position = add(position, reader.signed_number());
        packet.size = reader.small(0, INT32_MAX, "a packet's size is out of range");
        packet.order = add(order, reader.signed_number());
        if (packet.position < 0 || packet.position > index.source_size - packet.size)
            Reader::refuse("a packet lies outside the source");
        if (packet.order < -max_pts || packet.order > max_pts) Reader::refuse("a timestamp is out of range");
        position = packet.position + packet.size;
        order = packet.order;
    }
}

void read_hints(Reader& reader, StreamHints& hints) {
    hints.codec_tag = static_cast<std::uint32_t>(reader.within(0, UINT32_MAX, "a hint is out of range"));
    for (std::int32_t* hint : {&hints.width, &hints.height, &hints.bits_per_sample, &hints.color_range, &hints.color_space,
                               &hints.chroma_location}) {
        *hint = reader.small(0, max_pixels_a_side, "a hint is out of range");
    }
}

void read_frames(Reader& reader, FrameIndex& index) {
    index.frames.resize(reader.count(2));
    std::vector<std::int32_t> parts(index.packets.size());
    std::int64_t expected = 0;
    for (FrameEntry& frame : index.frames) {
        const std::int64_t number = add(expected, reader.signed_number());
        if (number < 0 || number >= static_cast<std::int64_t>(index.packets.size()))
            Reader::refuse("a frame names no packet");
        const auto ordinal = static_cast<std::size_t>(number);
        const std::int64_t pts = add(index.packets[ordinal].order, reader.signed_number());
        if (pts < -max_pts || pts > max_pts) Reader::refuse("a timestamp is out of range");
        frame = {pts, static_cast<std::int32_t>(number), parts[ordinal]++};
        expected = number + 1;
    }
}

}  // namespace

std::vector<std::uint8_t> pack(const FrameIndex& index) {
    Writer writer;
    writer.bytes.assign(tag.begin(), tag.end());
    writer.string(index.codec);
    writer.string(index.pixel_format);
    for (const int value : {index.width, index.height, index.rotation, index.reorder_depth, index.nal_length_size}) {
        writer.signed_number(value);
    }
    writer.rational(index.time_base);
    writer.rational(index.average_rate);
    for (const std::int64_t value : {index.last_duration, index.source_size, index.missing_packets})
        writer.signed_number(value);
    const StreamHints& hints = index.hints;
    for (const std::int64_t value : {std::int64_t{hints.codec_tag}, std::int64_t{hints.width}, std::int64_t{hints.height},
                                     std::int64_t{hints.bits_per_sample}, std::int64_t{hints.color_range},
                                     std::int64_t{hints.color_space}, std::int64_t{hints.chroma_location}})
        writer.signed_number(value);
    writer.string(index.extradata);
    writer.string(index.palette);
    writer.number(index.parameter_sets.size());
    for (const ParameterSet& set : index.parameter_sets) {
        for (const std::int64_t value :
             {std::int64_t{set.ordinal}, std::int64_t{set.type | (set.outside ? outside_flag : 0)}, std::int64_t{set.id}})
            writer.signed_number(value);
        writer.string(set.nal);
    }
    writer.number(index.packets.size());
    std::int64_t position = 0;
    std::int64_t order = 0;
    for (const PacketEntry& packet : index.packets) {
        writer.number((packet.direct ? direct_flag : 0) | (packet.entry ? entry_flag : 0) | (packet.cut ? cut_flag : 0) |
                      (packet.continues ? continues_flag : 0) |
                      static_cast<std::uint64_t>(packet.droppable) << droppable_shift);
        writer.signed_number(packet.position - position);
        writer.signed_number(packet.size);
        writer.signed_number(packet.order - order);
        position = packet.position + packet.size;
        order = packet.order;
    }
    writer.number(index.frames.size());
    std::int64_t expected = 0;
    for (const FrameEntry& frame : index.frames) {
        writer.signed_number(frame.packet - expected);
        writer.signed_number(frame.pts - index.packets[static_cast<std::size_t>(frame.packet)].order);
        expected = frame.packet + 1;
    }
    return std::move(writer.bytes);
}

FrameIndex unpack(std::span<const std::uint8_t> bytes) {
    Reader reader(bytes);
    reader.skip_tag();
    FrameIndex index;
    index.codec = reader.text();
    index.pixel_format = reader.text();
    index.width = reader.small(1, max_pixels_a_side, "the width is out of range");
    index.height = reader.small(1, max_pixels_a_side, "the height is out of range");
    index.rotation = reader.small(0, 270, "the rotation is out of range");
    if (index.rotation % 90 != 0) Reader::refuse("the rotation is out of range");
    index.reorder_depth = reader.small(0, max_delay, "the reorder depth is out of range");
    index.nal_length_size = reader.small(0, 4, "the NAL length size is out of range");
    index.time_base = reader.rational();
    index.average_rate = reader.rational();
    index.last_duration = reader.within(0, max_pts, "a duration is out of range");
    index.source_size = reader.within(0, std::numeric_limits<std::int64_t>::max(), "the source's size is out of range");
    index.missing_packets = reader.within(0, std::numeric_limits<std::int64_t>::max(), "a count is out of range");
    read_hints(reader, index.hints);
    const auto extradata = reader.string();
    index.extradata.assign(extradata.begin(), extradata.end());
    const auto palette = reader.string();
    if (!palette.empty() && palette.size() != palette_size) Reader::refuse("the palette is not of 256 colours");
    index.palette.assign(palette.begin(), palette.end());
    read_parameter_sets(reader, index);
    read_packets(reader, index);
    read_frames(reader, index);
    if (!reader.at_end()) Reader::refuse("bytes are left over");
    return index;
}

}  // namespace kf
