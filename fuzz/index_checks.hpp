// Checks of any index, built or unpacked: it survives packing, its values are finite and in range, and plans over it stay
// inside it. A check that fails ends the process.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "index/frame_index.hpp"

namespace kf::fuzz {

/// Returns nothing if the bytes are refused. The error must then be `corrupt`.
[[nodiscard]] std::optional<index::FrameIndex> unpacked(std::span<const std::uint8_t> bytes);

void check_values_and_plans(const index::FrameIndex& index);

}  // namespace kf::fuzz
