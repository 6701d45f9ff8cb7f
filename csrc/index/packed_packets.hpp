// Packets and the frames they show, in two or three bytes a packet: the larger part of a saved frame index.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/frame_index.hpp"

namespace kf::index {

/// Throws Failure (corrupt, index): a saved index is not valid, and why.
[[noreturn]] void refuse_saved_index(const char* why);

[[nodiscard]] std::vector<std::uint8_t> pack_packets(const FrameIndex& index);

/// Fills in `count` packets and the frames. The bytes are untrusted: every number is checked. Throws Failure.
void unpack_packets(std::span<const std::uint8_t> bytes, std::size_t count, FrameIndex& index);

/// Packets that so many bytes can say at the most.
[[nodiscard]] std::size_t most_packets(std::size_t bytes) noexcept;

}  // namespace kf::index
