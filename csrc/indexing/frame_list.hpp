// The second half of an index: which pictures are shown, in which order and when. Pure: it reads nothing and decodes nothing
// itself. Where packets cannot tell, it asks the decoder through a function that the caller gives. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "index/frame_index.hpp"
#include "indexing/decoded_order.hpp"
#include "indexing/packet_list.hpp"

namespace kf::indexing {

/// decoded_order of the stream that is indexed.
using AskDecoder = std::function<DecodedOrder(DecodeExtent)>;

/// Fills index.frames, the packets' order, reorder_depth and last_duration. Throws Failure, also what `ask_decoder` throws.
void list_frames(index::FrameIndex& index, const PacketList& list, const AskDecoder& ask_decoder);

}  // namespace kf::indexing
