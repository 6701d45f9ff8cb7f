// Where a packet's bytes lie in the source. Pure, but for the source's reads, which it blocks on. Any thread.
#pragma once

#include <cstdint>
#include <span>

#include "media/source.hpp"

namespace kf::indexing {

/// The position of the packet's bytes in the source. A container gives the place of the block that holds a packet, so the
/// bytes begin a few bytes later. -1 where they are not found there, or where `block` is -1.
[[nodiscard]] std::int64_t find_packet(const media::Source& source, std::int64_t block,
                                       std::span<const std::uint8_t> packet);

}  // namespace kf::indexing
