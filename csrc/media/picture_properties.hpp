// The properties of pictures that are reported and not acted on, in FFmpeg's structures and by FFmpeg's names. Pure, any
// thread. Other rooms see the names; the conversions are for media alone.
#pragma once

#include <string>

#include "index/frame_index.hpp"

struct AVCodecContext;
struct AVStream;

namespace kf::media {

/// FFmpeg's names, as ffprobe prints them; empty where nothing is said or FFmpeg has no name.
struct PropertyNames {
    std::string field_order;  ///< progressive, tt, bb, tb, bt
    std::string color_primaries;
    std::string color_transfer;
    std::string color_matrix;
    std::string color_range;
    std::string chroma_location;
};

[[nodiscard]] PropertyNames names_of(const index::PictureProperties& properties);

/// What the container says.
[[nodiscard]] index::PictureProperties properties_of(const AVStream& stream) noexcept;

/// What a decoder knows that was told what the container says, and has read the header of a picture. As in ffprobe, the
/// container's sample aspect ratio holds, and the decoder's value of everything else.
[[nodiscard]] index::PictureProperties properties_of(const AVCodecContext& decoder,
                                                     const index::PictureProperties& container) noexcept;

/// Tells a decoder what the container says, before the decoder is opened.
void set_properties(AVCodecContext& decoder, const index::PictureProperties& container) noexcept;

}  // namespace kf::media
