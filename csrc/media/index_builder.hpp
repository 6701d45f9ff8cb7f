// Builds the FrameIndex of a source's first video stream: which packets there are, where they lie, which pictures they show
// and in which order. Any thread; blocks on the source's reads. Decodes no picture, but for streams that begin in the
// middle.
#pragma once

#include <functional>

#include "base/frame_index.hpp"
#include "media/packet_list.hpp"
#include "media/source.hpp"

namespace kf {

/// Throws Failure; `stop` is asked between packets and ends it with a Failure (cancelled).
[[nodiscard]] FrameIndex build_index(const Source& source, const IndexOptions& options, const std::function<bool()>& stop);

}  // namespace kf
