// Which parameter sets a decoder needs in front of a packet, beside those of the extradata. Pure; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "index/frame_index.hpp"

namespace kf::index {

/// The bytes to put in front of packet `ordinal` of a run that begins at `entry`, framed like the packets: at the entry all
/// parameter sets in force there, at a later packet only those that the container brings beside it. Usually empty.
[[nodiscard]] std::vector<std::uint8_t> parameter_sets_before(const FrameIndex& index, std::int32_t entry,
                                                              std::int32_t ordinal);

}  // namespace kf::index
