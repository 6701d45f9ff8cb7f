// Cuts off a picture what the container says, without moving a sample. As in the ffmpeg program's filter `crop`, position
// and size of what is left are rounded down to whole chroma samples. Pure; any thread.
#pragma once

#include "base/picture_view.hpp"
#include "index/frame_index.hpp"

namespace kf::media {

/// What is left of a picture. Nothing is left where the width or the height is not positive.
struct KeptArea {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
};

[[nodiscard]] KeptArea kept_area(int width, int height, const base::PixelLayout& layout,
                                 const index::Cropping& cropping) noexcept;

/// A view of width 0 where nothing is left.
[[nodiscard]] base::PictureView cropped(const base::PictureView& picture, const index::Cropping& cropping) noexcept;

}  // namespace kf::media
