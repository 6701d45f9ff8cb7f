// The bytes of packets that do not lie in the source in one piece. Any thread; blocks on the source's reads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/frame_index.hpp"
#include "media/source.hpp"

namespace kf::indexing {

/// Ordinals ascending; one string of bytes each. A stream that says where its packets begin is read from a little before the
/// first one, any other from its start. Throws Failure.
[[nodiscard]] std::vector<std::vector<std::uint8_t>> read_with_demuxer(const media::Source& source,
                                                                       const index::FrameIndex& index,
                                                                       std::span<const std::int32_t> ordinals);

}  // namespace kf::indexing
