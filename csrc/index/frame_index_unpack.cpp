#include <algorithm>
#include <cstring>
#include <limits>

#include "index/frame_index.hpp"
#include "index/packed_index.hpp"
#include "index/packed_packets.hpp"

namespace kf::index {

using namespace packed;

namespace {

constexpr std::int64_t max_pixels_a_side = 1 << 16;
constexpr std::int64_t max_delay = 64;
constexpr std::size_t max_packets = std::size_t{1} << 24;

class Reader {
public:
    explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    [[noreturn]] static void refuse(const char* why) { refuse_saved_index(why); }
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
    [[nodiscard]] std::span<const std::uint8_t> rest() const noexcept { return bytes_; }
    void skip_tag() {
        if (bytes_.size() < tag.size() || std::memcmp(bytes_.data(), tag.data(), tag.size()) != 0)
            refuse("it does not begin as one");
        bytes_ = bytes_.subspan(tag.size());
    }

private:
    std::span<const std::uint8_t> bytes_;
};

void read_parameter_sets(Reader& reader, FrameIndex& index) {
    const std::size_t count = reader.count(4);
    if (count > most_parameter_sets) Reader::refuse("there are too many parameter sets");
    index.parameter_sets.resize(count);
    std::int32_t last = 0;
    std::size_t bytes = 0;
    for (ParameterSet& set : index.parameter_sets) {
        set.ordinal = reader.small(last, INT32_MAX, "parameter sets are not in order");
        const std::int32_t kind = reader.small(0, UINT8_MAX | outside_flag, "unknown parameter set");
        set.type = static_cast<std::uint8_t>(kind & UINT8_MAX);
        set.outside = (kind & outside_flag) != 0;
        set.id = static_cast<std::uint32_t>(reader.within(0, UINT32_MAX, "unknown parameter set"));
        const auto nal = reader.string();
        bytes += nal.size();
        if (bytes > most_parameter_set_bytes) Reader::refuse("the parameter sets are too long");
        set.nal.assign(nal.begin(), nal.end());
        last = set.ordinal;
    }
}

void read_hints(Reader& reader, StreamHints& hints) {
    hints.codec_tag = static_cast<std::uint32_t>(reader.within(0, UINT32_MAX, "a hint is out of range"));
    for (std::int32_t* hint : {&hints.width, &hints.height, &hints.bits_per_sample, &hints.color_range, &hints.color_space,
                               &hints.chroma_location}) {
        *hint = reader.small(0, max_pixels_a_side, "a hint is out of range");
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
    index.last_duration = reader.within(0, latest_time, "a duration is out of range");
    index.source_size = reader.within(0, std::numeric_limits<std::int64_t>::max(), "the source's size is out of range");
    index.missing_packets = reader.within(0, std::numeric_limits<std::int64_t>::max(), "a count is out of range");
    read_hints(reader, index.hints);
    const auto extradata = reader.string();
    index.extradata.assign(extradata.begin(), extradata.end());
    const auto palette = reader.string();
    if (!palette.empty() && palette.size() != palette_bytes) Reader::refuse("the palette is not of 256 colours");
    index.palette.assign(palette.begin(), palette.end());
    read_parameter_sets(reader, index);
    const std::uint64_t count = reader.number();
    if (count > max_packets || count > most_packets(reader.rest().size()))
        Reader::refuse("a count is larger than the index");
    unpack_packets(reader.rest(), static_cast<std::size_t>(count), index);
    return index;
}

}  // namespace kf::index
