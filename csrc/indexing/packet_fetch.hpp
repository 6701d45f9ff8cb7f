// The bytes of packets that an index lists. Owns nothing; every call opens and closes the demuxers that it needs. Any
// thread; blocks on the source's reads. It decodes nothing.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/frame_index.hpp"
#include "media/source.hpp"

namespace kf::indexing {

/// The bytes of a packet that lies in the source in one piece, or their beginning. Fewer where the source ends. Throws
/// Failure.
[[nodiscard]] std::vector<std::uint8_t> read_contiguous(const media::Source& source, const index::PacketEntry& packet,
                                                        std::size_t at_most = SIZE_MAX);

/// The bytes of packets that do not lie in one piece, from a demuxer: one vector of bytes per ordinal. Ordinals ascend. A
/// container that is cut into pieces is read from a little before the first packet, any other container from its start.
/// Throws Failure.
[[nodiscard]] std::vector<std::vector<std::uint8_t>> read_with_demuxer(const media::Source& source,
                                                                       const index::FrameIndex& index,
                                                                       std::span<const std::int32_t> ordinals);

/// The bytes of one packet, in whichever of these ways it can be read. Throws Failure.
[[nodiscard]] std::vector<std::uint8_t> read_packet(const media::Source& source, const index::FrameIndex& index,
                                                    std::int32_t ordinal);

}  // namespace kf::indexing
