// Finds parts of a picture that a decoder never wrote. Where the data of a picture end too soon, libavcodec's HEVC, JPEG and
// VC-1 decoders give out the picture without an error, and its rest is whatever was in that memory before. So the memory is
// marked before a picture is decoded into it, and a mark that is still there afterwards shows the missing part. Without the
// marks such a picture would be called good. Owns nothing and shares nothing: each call touches one frame's memory alone.
#pragma once

#include "media/handles.hpp"

namespace kf::media {

/// Whether the decoder of this codec needs marks. Other decoders report the error, or write something everywhere.
[[nodiscard]] bool leaves_parts_unwritten(AVCodecID codec) noexcept;

/// AVCodecContext::get_buffer2 that marks the memory.
int get_marked_buffer(AVCodecContext* context, AVFrame* frame, int flags) noexcept;

/// Whether a mark is left. The marks lie at fixed places of the whole frame, so ask before the frame is cropped.
[[nodiscard]] bool has_unwritten_parts(const AVFrame& frame) noexcept;

}  // namespace kf::media
