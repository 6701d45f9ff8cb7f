// How a libavcodec decoder is set up for the stream of an index: what the index knows of the stream, and what single codecs
// need besides. The caller owns the decoder. Any thread; it reads no packet. Only media includes this.
#pragma once

#include <atomic>
#include <cstdint>

#include "index/frame_index.hpp"
#include "media/handles.hpp"
#include "media/region.hpp"

namespace kf::media {

/// A decoder with every setting made and not yet opened, so that the caller can still choose the memory that pictures are
/// decoded into. Pictures of more than `max_pixels` are refused, unless the index knows that they are larger. Throws Failure
/// (unsupported) if there is no decoder for the codec, and std::bad_alloc.
[[nodiscard]] CodecHandle set_up_decoder(const index::FrameIndex& index, std::int64_t max_pixels);

/// Lets a decoder that is not yet opened work on up to so many threads of its own, which live until the decoder is closed.
/// `said_something` becomes true when the decoder logs a line that may tell of damage, from whatever thread; it must outlive
/// the decoder. Returns the number of threads: 1 where libavcodec has no use for more, or the codec is not known to show the
/// same signs of damage on one thread and on several.
int use_threads(AVCodecContext& decoder, int threads, std::atomic<bool>& said_something) noexcept;

/// Lets a decoder that is not yet opened leave out what lies outside of a region, in pictures that no other picture refers
/// to. It decodes whole pictures where the codec is not H.264, or FFmpeg is one without our change.
void decode_region(AVCodecContext& decoder, const Region& region) noexcept;

/// Throws Failure (corrupt) if libavcodec refuses the settings. What was logged on this thread before is forgotten.
void open_decoder(AVCodecContext& decoder);

}  // namespace kf::media
