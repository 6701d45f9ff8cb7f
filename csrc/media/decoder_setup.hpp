// How a libavcodec decoder is set up for the stream of an index: what the index knows of the stream, and what single codecs
// need besides. The caller owns the decoder. Any thread; it starts no thread and reads no packet. Only media includes this.
#pragma once

#include <cstdint>

#include "index/frame_index.hpp"
#include "media/handles.hpp"

namespace kf::media {

/// A decoder with every setting made and not yet opened, so that the caller can still choose the memory that pictures are
/// decoded into. Pictures of more than `max_pixels` are refused, unless the index knows that they are larger. Throws Failure
/// (unsupported) if there is no decoder for the codec, and std::bad_alloc.
[[nodiscard]] CodecHandle set_up_decoder(const index::FrameIndex& index, std::int64_t max_pixels);

/// Throws Failure (corrupt) if libavcodec refuses the settings. What was logged on this thread before is forgotten.
void open_decoder(AVCodecContext& decoder);

}  // namespace kf::media
