// Asks libavcodec, by decoding the stream once from its first packet, what cannot be told from the packets alone: which
// leading pictures it shows, and in which order pictures come where the container has no usable timestamps. Any thread;
// blocks on reads.
#pragma once

#include <functional>
#include <vector>

#include "index/frame_index.hpp"
#include "media/source.hpp"

namespace kf::indexing {

/// Ordinals in the order in which their pictures come out. Stops after the first entry's picture unless the whole order is
/// wanted: after it, every later picture comes out. Throws Failure; `stop` ends it with a Failure (cancelled).
[[nodiscard]] std::vector<std::int32_t> decoded_order(const index::FrameIndex& index, const media::Source& source,
                                                      bool whole, const std::function<bool()>& stop);

}  // namespace kf::indexing
