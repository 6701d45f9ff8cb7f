// The second half of an index: which pictures are shown, in which order and when. Any thread; blocks on the source's reads.
// Decodes no picture, but where packets cannot tell.
#pragma once

#include <functional>

#include "index/frame_index.hpp"
#include "indexing/packet_list.hpp"
#include "media/source.hpp"

namespace kf::indexing {

/// Fills index.frames, the packets' order, and reorder_depth. Throws Failure; `stop` ends it with a Failure (cancelled).
void list_frames(index::FrameIndex& index, const PacketList& list, const media::Source& source,
                 const std::function<bool()>& stop);

}  // namespace kf::indexing
