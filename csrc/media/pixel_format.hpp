// Translates FFmpeg's pixel formats, colour tags and chroma locations into the values of base/picture_view.hpp. Pure, any
// thread; it never touches samples. Only media includes this.
#pragma once

#include <optional>

#include "base/picture_view.hpp"
#include "media/handles.hpp"

namespace kf::media {

/// How samples of this format lie. Nothing for a format that the converter does not take: it takes planar YCbCr, planar RGB
/// and grey, with 8 to 16 bits per sample in every plane.
[[nodiscard]] std::optional<base::PixelLayout> layout_of(AVPixelFormat format) noexcept;

/// The picture in FFmpeg's frame. The view shares the frame's planes. Nothing where layout_of has nothing.
[[nodiscard]] std::optional<base::PictureView> view_of(const AVFrame& frame) noexcept;

}  // namespace kf::media
