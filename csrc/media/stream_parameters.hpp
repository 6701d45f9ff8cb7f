// What a container says of one stream, in plain values: all that other rooms see of FFmpeg's AVStream. Pure, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "index/frame_index.hpp"

struct AVStream;

namespace kf::media {

struct StreamParameters {
    std::string codec;         ///< FFmpeg's name
    bool has_decoder = false;  ///< whether the linked FFmpeg decodes it
    index::StreamHints hints;
    index::Rational time_base;
    index::Rational average_rate;  ///< frames a second; 0 where the container does not say
    std::int32_t rotation = 0;     ///< clockwise quarter turns x 90 that show the picture upright
    std::vector<std::uint8_t> extradata;
};

/// Only media has an AVStream to ask about.
[[nodiscard]] StreamParameters stream_parameters(const AVStream& stream);

}  // namespace kf::media
