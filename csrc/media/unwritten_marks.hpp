// Finds parts of a picture that a decoder never wrote. HEVC, JPEG and VC-1 decoders hand out a picture whose data end too
// soon and say nothing; what lies in the rest is what was in that memory before. So memory is marked before it is decoded
// into, and a mark that is still there tells. One owner; used by one decoder.
#pragma once

#include "media/handles.hpp"

namespace kf::media {

/// Whether this codec's decoder needs it. Others tell by themselves, or write something everywhere.
[[nodiscard]] bool leaves_parts_unwritten(AVCodecID codec) noexcept;

/// For AVCodecContext::get_buffer2.
int get_marked_buffer(AVCodecContext* context, AVFrame* frame, int flags) noexcept;

/// Before cropping.
[[nodiscard]] bool has_unwritten_parts(const AVFrame& frame) noexcept;

}  // namespace kf::media
