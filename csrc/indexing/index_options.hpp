// What a caller may choose about indexing. A plain value.
#pragma once

#include <cstdint>

#include "media/stream_choice.hpp"

namespace kf::indexing {

struct IndexOptions {
    std::int32_t stream = media::first_video_stream;   ///< a choice of stream_choice.hpp
    std::int64_t max_pixels = std::int64_t{1} << 27;   ///< of one frame
    std::int64_t max_packets = std::int64_t{1} << 22;  ///< of one stream: 39 hours at 30 frames per second
    bool read_packets = false;  ///< read every packet's bytes, so that the index says of each whether it is droppable
};

}  // namespace kf::indexing
