// The parameter sets that are in force at an entry of a stream, beyond those of its extradata. Pure, any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "index/frame_index.hpp"

namespace kf::index {

/// NAL units to put in front of a packet of a run that begins at `entry`: the parameter sets in force there, or those that
/// come with the packet but outside of it. Usually none.
[[nodiscard]] std::vector<std::uint8_t> parameter_sets_before(const FrameIndex& index, std::int32_t entry,
                                                              std::int32_t ordinal);

}  // namespace kf::index
