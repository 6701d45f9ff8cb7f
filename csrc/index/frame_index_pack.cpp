#include <utility>

#include "index/frame_index.hpp"
#include "index/packed_index.hpp"
#include "index/packed_packets.hpp"

namespace kf::index {

using namespace packed;

namespace {

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

}  // namespace

std::string_view saved_index_form() noexcept {
    return tag;
}

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
    const std::vector<std::uint8_t> packets = pack_packets(index);
    writer.bytes.insert(writer.bytes.end(), packets.begin(), packets.end());
    return std::move(writer.bytes);
}

}  // namespace kf::index
