// What a container says of one stream that a decoder and an index need, as plain values. Other rooms see nothing else of
// FFmpeg's AVStream. Pure, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "index/frame_index.hpp"

struct AVStream;

namespace kf::media {

struct StreamParameters {
    std::int32_t number = 0;   ///< position among the container's streams
    std::string codec;         ///< FFmpeg's name
    bool has_decoder = false;  ///< whether the linked FFmpeg decodes the codec
    bool encrypted = false;    ///< the container says so of the stream; MP4 may say it of packets instead
    index::StreamHints hints;
    index::Rational time_base;
    index::Rational average_rate;  ///< frames per second; 0 where the container does not say
    index::Cropping cropping;
    base::Orientation orientation;
    std::int64_t bit_rate = 0;            ///< 0 where the container does not say
    index::PictureProperties properties;  ///< as the container says
    std::vector<std::uint8_t> extradata;
};

// For media alone: no other room has an AVStream.

/// Whether the container says that the packets are encrypted.
[[nodiscard]] bool is_encrypted(const AVStream& stream) noexcept;

[[nodiscard]] StreamParameters stream_parameters(const AVStream& stream);

}  // namespace kf::media
