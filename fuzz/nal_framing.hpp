// What a packet of NAL units says must not depend on how they are framed.
#pragma once

#include <cstdint>
#include <span>

#include "index/frame_index.hpp"

namespace kf::fuzz {

/// Takes `data` for NAL units behind their lengths of one byte, and reads them as a packet of the index's codec between
/// start codes and behind lengths of 1, 2 and 4 bytes: it is the same packet. One that is cut short is told and never
/// dropped.
void check_framing(const index::FrameIndex& index, std::span<const std::uint8_t> data);

}  // namespace kf::fuzz
