// Which of a container's video streams is read. Plain constants, any thread.
#pragma once

#include <cstdint>

namespace kf::media {

// A choice is one of these, or the position of a stream in the container.
inline constexpr std::int32_t first_video_stream = -1;  ///< the first that is not a cover picture
inline constexpr std::int32_t best_video_stream = -2;   ///< FFmpeg's choice: see best_stream.hpp

}  // namespace kf::media
