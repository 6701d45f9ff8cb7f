#include "media/cropping.hpp"

namespace kf::media {

using base::PictureView;
using base::PixelLayout;
using base::PlaneView;
using index::Cropping;

namespace {

int rounded_down(int value, int shift) noexcept {
    return value >> shift << shift;
}

}  // namespace

KeptArea kept_area(int width, int height, const PixelLayout& layout, const Cropping& cropping) noexcept {
    if (cropping == Cropping{}) return {0, 0, width, height};
    return {rounded_down(cropping.left, layout.chroma_shift_x), rounded_down(cropping.top, layout.chroma_shift_y),
            rounded_down(width - cropping.left - cropping.right, layout.chroma_shift_x),
            rounded_down(height - cropping.top - cropping.bottom, layout.chroma_shift_y)};
}

PictureView cropped(const PictureView& picture, const Cropping& cropping) noexcept {
    if (picture.width == 0 || cropping == Cropping{}) return picture;
    const PixelLayout& layout = picture.layout;
    const KeptArea area = kept_area(picture.width, picture.height, layout, cropping);
    if (area.width <= 0 || area.height <= 0) return {};
    PictureView kept = picture;
    kept.width = area.width;
    kept.height = area.height;
    for (int p = 0; p < layout.planes; ++p) {
        PlaneView& plane = kept.planes[static_cast<std::size_t>(p)];
        plane.data += layout.plane_width(p, area.x) * plane.pixel_stride + layout.plane_height(p, area.y) * plane.row_stride;
        plane.width = layout.plane_width(p, area.width);
        plane.height = layout.plane_height(p, area.height);
    }
    return kept;
}

}  // namespace kf::media
