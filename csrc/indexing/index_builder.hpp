// Builds the FrameIndex of a source's first video stream: which packets there are, where they lie, which pictures they show
// and in which order. Owns nothing once the index is built. Any thread; blocks on the source's reads. It decodes pictures
// only where packets cannot tell what is shown, as in streams that begin in the middle.
#pragma once

#include "index/frame_index.hpp"
#include "indexing/failure.hpp"
#include "indexing/index_options.hpp"
#include "media/source.hpp"

namespace kf::indexing {

/// Throws Failure.
[[nodiscard]] index::FrameIndex build_index(const media::Source& source, const IndexOptions& options, const Stop& stop);

}  // namespace kf::indexing
