#include "indexing/parameter_set_log.hpp"

#include <algorithm>
#include <string>

#include "base/error.hpp"

namespace kf::indexing {

using bitstream::FoundParameterSet;
using index::FrameIndex;

ParameterSetLog::ParameterSetLog(const FrameIndex& index)
    : codec_(bitstream::codec_of(index.codec)), nal_length_size_(index.nal_length_size) {
    for (const FoundParameterSet& set : bitstream::parameter_sets_in_record(codec_, index.extradata, nal_length_size_))
        (void)comes_in_force(set);
}

bool ParameterSetLog::note_packet(FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> bytes) {
    const std::size_t before = index.parameter_sets.size();
    note(index, ordinal, bitstream::parameter_sets_in_packet(codec_, bytes, nal_length_size_), false);
    return index.parameter_sets.size() > before;
}

void ParameterSetLog::note_extradata(FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> record) {
    if (!bitstream::has_nal_units(codec_)) return;  // no other decoder takes a new configuration
    note(index, ordinal, bitstream::parameter_sets_in_record(codec_, record, nal_length_size_), true);
}

bool ParameterSetLog::comes_in_force(const FoundParameterSet& set) {
    std::vector<std::uint8_t>& known = in_force_[{set.type, set.id}];
    if (std::equal(known.begin(), known.end(), set.nal.begin(), set.nal.end())) return false;
    known.assign(set.nal.begin(), set.nal.end());
    std::erase_if(in_force_, [&](const auto& item) { return bitstream::voids(codec_, set.type, item.first.first); });
    return true;
}

void ParameterSetLog::note(FrameIndex& index, std::int32_t ordinal, const std::vector<FoundParameterSet>& sets,
                           bool outside) {
    for (const FoundParameterSet& set : sets) {
        if (!comes_in_force(set)) continue;
        noted_bytes_ += set.nal.size();
        if (index.parameter_sets.size() == index::most_parameter_sets || noted_bytes_ > index::most_parameter_set_bytes) {
            throw base::Failure(base::ErrorCode::unsupported, base::Stage::index,
                                "the stream's headers change more than " + std::to_string(index::most_parameter_sets) +
                                    " times or take more than " + std::to_string(index::most_parameter_set_bytes >> 20) +
                                    " MiB");
        }
        index.parameter_sets.push_back({ordinal, set.type, set.id, outside, {set.nal.begin(), set.nal.end()}});
    }
}

}  // namespace kf::indexing
