// Builds the FrameIndex of a source's first video stream: which packets there are, where they lie, which pictures they show
// and in which order. Any thread; blocks on the source's reads. Decodes no picture, but for streams that begin in the
// middle.
#pragma once

#include <functional>

#include "index/frame_index.hpp"
#include "indexing/packet_list.hpp"
#include "media/source.hpp"

namespace kf::indexing {

/// Throws Failure; `stop` is asked between packets and ends it with a Failure (cancelled).
[[nodiscard]] index::FrameIndex build_index(const media::Source& source, const IndexOptions& options,
                                            const std::function<bool()>& stop);

}  // namespace kf::indexing
