// When frames are shown where the container does not simply say it: it may have only decode times (AVI, ASF), a time for
// some packets and none for others (MPEG program streams), or no times at all. Pure, any thread.
#pragma once

#include "index/frame_index.hpp"
#include "indexing/packet_list.hpp"

namespace kf::indexing {

/// Fills the pts of index.frames, which are in presentation order.
void set_frame_times(index::FrameIndex& index, const PacketList& list);

}  // namespace kf::indexing
