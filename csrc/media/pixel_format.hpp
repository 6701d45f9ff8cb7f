// FFmpeg's pixel formats, colour tags and chroma locations in the project's own terms. Pure, any thread. Only media includes
// this.
#pragma once

#include <optional>

#include "base/picture_view.hpp"
#include "media/handles.hpp"

namespace kf::media {

/// Nothing for a format that the converter does not take: anything but planar YCbCr, planar RGB or grey of one depth.
[[nodiscard]] std::optional<base::PixelLayout> layout_of(AVPixelFormat format) noexcept;

/// The decoded picture as it lies in FFmpeg's frame, whose planes it shares. Nothing where layout_of has nothing.
[[nodiscard]] std::optional<base::PictureView> view_of(const AVFrame& frame) noexcept;

}  // namespace kf::media
