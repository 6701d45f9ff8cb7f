#include "convert/rotate.hpp"

#include <utility>

namespace kf::convert {

using base::PictureView;
using base::PlaneView;

namespace {

void transpose(PictureView& picture) noexcept {
    std::swap(picture.width, picture.height);
    std::swap(picture.layout.chroma_shift_x, picture.layout.chroma_shift_y);
    std::swap(picture.site.x, picture.site.y);
    for (PlaneView& plane : picture.planes) {
        std::swap(plane.width, plane.height);
        std::swap(plane.pixel_stride, plane.row_stride);
    }
}

/// Chroma sample k lies at luma position k * span + site. After mirroring, the last chroma sample is the first, and its
/// distance from the last luma sample is the new site.
double mirrored_site(double site, int size, int shift) noexcept {
    const int span = 1 << shift;
    const int samples = (size + span - 1) / span;
    return size - 1 - (samples - 1) * span - site;
}

void mirror_x(PictureView& picture) noexcept {
    picture.site.x = mirrored_site(picture.site.x, picture.width, picture.layout.chroma_shift_x);
    for (PlaneView& plane : picture.planes) {
        plane.data += (plane.width - 1) * plane.pixel_stride;
        plane.pixel_stride = -plane.pixel_stride;
    }
}

void mirror_y(PictureView& picture) noexcept {
    picture.site.y = mirrored_site(picture.site.y, picture.height, picture.layout.chroma_shift_y);
    for (PlaneView& plane : picture.planes) {
        plane.data += (plane.height - 1) * plane.row_stride;
        plane.row_stride = -plane.row_stride;
    }
}

}  // namespace

PictureView upright(const PictureView& picture, base::Orientation orientation) noexcept {
    const auto [clockwise, mirrored] = orientation;
    PictureView rotated = picture;
    if (mirrored) mirror_y(rotated);
    if (clockwise == 90 || clockwise == 270) transpose(rotated);
    if (clockwise == 90 || clockwise == 180) mirror_x(rotated);
    if (clockwise == 270 || clockwise == 180) mirror_y(rotated);
    return rotated;
}

}  // namespace kf::convert
