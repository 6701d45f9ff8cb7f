// Checks that the facts of a packet of NAL units do not depend on the framing of the units.
#pragma once

#include <cstdint>
#include <span>

#include "index/frame_index.hpp"

namespace kf::fuzz {

/// Reads `data` as NAL units behind lengths of one byte, frames them with start codes and with lengths of 1, 2 and 4 bytes,
/// and requires that the packet readers say the same of each. A packet that is cut short must be recognised and never
/// dropped.
void check_framing(const index::FrameIndex& index, std::span<const std::uint8_t> data);

}  // namespace kf::fuzz
