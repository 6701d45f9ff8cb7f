// What must hold of any index, built or saved: it packs to itself, its values are numbers of the video, and plans over it
// stay within it. The checks end the process where something does not.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "index/frame_index.hpp"

namespace kf::fuzz {

/// Nothing where the bytes are refused, which they are in one way only.
[[nodiscard]] std::optional<index::FrameIndex> unpacked(std::span<const std::uint8_t> bytes);

void check_values_and_plans(const index::FrameIndex& index);

}  // namespace kf::fuzz
