#include "media/parameter_set_log.hpp"

#include <algorithm>

#include "base/parameter_sets.hpp"

namespace kf {
namespace {

using InForce = std::map<std::pair<std::uint8_t, std::uint32_t>, std::vector<std::uint8_t>>;

/// The sets that change what is in force.
std::vector<FoundParameterSet> apply(Codec codec, InForce& in_force, const std::vector<FoundParameterSet>& sets) {
    std::vector<FoundParameterSet> changed;
    for (const FoundParameterSet& set : sets) {
        std::vector<std::uint8_t>& known = in_force[{set.type, set.id}];
        if (std::equal(known.begin(), known.end(), set.nal.begin(), set.nal.end())) continue;
        known.assign(set.nal.begin(), set.nal.end());
        std::erase_if(in_force, [&](const auto& item) { return voids(codec, set.type, item.first.first); });
        changed.push_back(set);
    }
    return changed;
}

void note(FrameIndex& index, std::int32_t ordinal, const std::vector<FoundParameterSet>& sets, bool outside) {
    for (const FoundParameterSet& set : sets)
        index.parameter_sets.push_back({ordinal, set.type, set.id, outside, {set.nal.begin(), set.nal.end()}});
}

}  // namespace

ParameterSetLog::ParameterSetLog(const FrameIndex& index)
    : codec_(codec_of(index.codec)), nal_length_size_(index.nal_length_size) {
    (void)apply(codec_, in_force_, parameter_sets_in_record(codec_, index.extradata, nal_length_size_));
}

bool ParameterSetLog::note_packet(FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> bytes) {
    const auto changed = apply(codec_, in_force_, parameter_sets_in_packet(codec_, bytes, nal_length_size_));
    note(index, ordinal, changed, false);
    return !changed.empty();
}

void ParameterSetLog::note_extradata(FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> record) {
    if (!has_nal_units(codec_)) return;  // no other decoder takes a new one
    note(index, ordinal, apply(codec_, in_force_, parameter_sets_in_record(codec_, record, nal_length_size_)), true);
}

}  // namespace kf
