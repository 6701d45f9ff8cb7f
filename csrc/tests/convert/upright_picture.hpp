// An upright view of a picture: the same memory with other strides, and chroma sited accordingly. The room turns targets
// instead, so that this is another way to the same pixels.
#pragma once

#include <utility>

#include "base/picture_view.hpp"

namespace kf::tests {

inline void transpose(base::PictureView& picture) noexcept {
    std::swap(picture.width, picture.height);
    std::swap(picture.layout.chroma_shift_x, picture.layout.chroma_shift_y);
    std::swap(picture.site.x, picture.site.y);
    for (base::PlaneView& plane : picture.planes) {
        std::swap(plane.width, plane.height);
        std::swap(plane.pixel_stride, plane.row_stride);
    }
}

/// Chroma sample k lies at luma position k * span + site. After mirroring, the last chroma sample is the first, and its
/// distance from the last luma sample is the new site.
inline double mirrored_site(double site, int size, int shift) noexcept {
    const int span = 1 << shift;
    const int samples = (size + span - 1) / span;
    return size - 1 - (samples - 1) * span - site;
}

inline void mirror_x(base::PictureView& picture) noexcept {
    picture.site.x = mirrored_site(picture.site.x, picture.width, picture.layout.chroma_shift_x);
    for (base::PlaneView& plane : picture.planes) {
        plane.data += (plane.width - 1) * plane.pixel_stride;
        plane.pixel_stride = -plane.pixel_stride;
    }
}

inline void mirror_y(base::PictureView& picture) noexcept {
    picture.site.y = mirrored_site(picture.site.y, picture.height, picture.layout.chroma_shift_y);
    for (base::PlaneView& plane : picture.planes) {
        plane.data += (plane.height - 1) * plane.row_stride;
        plane.row_stride = -plane.row_stride;
    }
}

[[nodiscard]] inline base::PictureView upright(const base::PictureView& picture, base::Orientation orientation) noexcept {
    const auto [clockwise, mirrored] = orientation;
    base::PictureView rotated = picture;
    if (mirrored) mirror_y(rotated);
    if (clockwise == 90 || clockwise == 270) transpose(rotated);
    if (clockwise == 90 || clockwise == 180) mirror_x(rotated);
    if (clockwise == 270 || clockwise == 180) mirror_y(rotated);
    return rotated;
}

}  // namespace kf::tests
