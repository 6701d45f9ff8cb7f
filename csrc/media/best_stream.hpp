// FFmpeg's choice among the video streams of a container. Any thread; it opens the container for the call and blocks on the
// source's reads.
#pragma once

#include <cstdint>

#include "media/source.hpp"

namespace kf::media {

/// The position of the stream that av_find_best_stream chooses: by disposition, by whether it has several frames, by bit
/// rate, by the number of frames. FFmpeg counts the frames while it looks for the streams' parameters, so this function lets
/// it do so, and FFmpeg may decode the first pictures; none of more than `max_pixels`. Throws Failure (not_video,
/// unsupported, corrupt; open where the source cannot be read).
[[nodiscard]] std::int32_t best_stream(const Source& source, std::int64_t max_pixels);

}  // namespace kf::media
