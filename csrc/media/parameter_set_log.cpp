#include "media/parameter_set_log.hpp"

#include <algorithm>

#include "base/h264_packet.hpp"

namespace kf {
namespace {

using InForce = std::map<std::pair<std::uint8_t, std::uint32_t>, std::vector<std::uint8_t>>;

void apply(InForce& in_force, FrameIndex* index, std::int32_t ordinal, const std::vector<H264ParameterSet>& sets) {
    for (const H264ParameterSet& set : sets) {
        std::vector<std::uint8_t>& known = in_force[{set.type, set.id}];
        if (std::equal(known.begin(), known.end(), set.nal.begin(), set.nal.end())) continue;
        known.assign(set.nal.begin(), set.nal.end());
        // A new sequence set voids the picture sets that were made for the old one, equal as their bytes may be.
        if (set.type == h264_sequence_set)
            std::erase_if(in_force, [](const auto& item) { return item.first.first != h264_sequence_set; });
        if (index != nullptr) index->parameter_sets.push_back({ordinal, set.type, set.id, {set.nal.begin(), set.nal.end()}});
    }
}

}  // namespace

ParameterSetLog::ParameterSetLog(const FrameIndex& index) {
    const bool avcc = index.nal_length_size > 0;
    apply(in_force_, nullptr, 0,
          avcc ? parameter_sets_in_avcc(index.extradata) : parameter_sets_in_packet(index.extradata, 0));
}

void ParameterSetLog::note_packet(FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> bytes) {
    apply(in_force_, &index, ordinal, parameter_sets_in_packet(bytes, index.nal_length_size));
}

void ParameterSetLog::note_extradata(FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> record) {
    apply(in_force_, &index, ordinal, parameter_sets_in_avcc(record));
}

}  // namespace kf
