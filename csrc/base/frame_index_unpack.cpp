#include <algorithm>
#include <cstring>
#include <limits>

#include "base/error.hpp"
#include "base/frame_index.hpp"
#include "base/packed_index.hpp"

namespace kf {

using namespace packed;

namespace {

constexpr std::int64_t max_pixels_a_side = 1 << 16;
constexpr std::int64_t max_delay = 64;
constexpr std::size_t palette_size = 1024;

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
