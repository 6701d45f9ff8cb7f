#include "media/parameter_set_log.hpp"

#include <algorithm>

#include "base/parameter_sets.hpp"

namespace kf {
namespace {

using InForce = std::map<std::pair<std::uint8_t, std::uint32_t>, std::vector<std::uint8_t>>;

void apply(Codec codec, InForce& in_force, FrameIndex* index, std::int32_t ordinal,
           const std::vector<FoundParameterSet>& sets) {
    for (const FoundParameterSet& set : sets) {
        std::vector<std::uint8_t>& known = in_force[{set.type, set.id}];
        if (std::equal(known.begin(), known.end(), set.nal.begin(), set.nal.end())) continue;
        known.assign(set.nal.begin(), set.nal.end());
        std::erase_if(in_force, [&](const auto& item) { return voids(codec, set.type, item.first.first); });
        if (index != nullptr) index->parameter_sets.push_back({ordinal, set.type, set.id, {set.nal.begin(), set.nal.end()}});
    }
}

}  // namespace

ParameterSetLog::ParameterSetLog(const FrameIndex& index)
    : codec_(codec_of(index.codec)), nal_length_size_(index.nal_length_size) {
    apply(codec_, in_force_, nullptr, 0, parameter_sets_in_record(codec_, index.extradata, nal_length_size_));
}

void ParameterSetLog::note_packet(FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> bytes) {
    apply(codec_, in_force_, &index, ordinal, parameter_sets_in_packet(codec_, bytes, nal_length_size_));
}

void ParameterSetLog::note_extradata(FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> record) {
    if (!has_nal_units(codec_)) return;  // no other decoder takes a new one
    apply(codec_, in_force_, &index, ordinal, parameter_sets_in_record(codec_, record, nal_length_size_));
}

}  // namespace kf
