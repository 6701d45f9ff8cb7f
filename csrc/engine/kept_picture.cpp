#include "engine/kept_picture.hpp"

#include "convert/plane_copy.hpp"

namespace kf::engine {

KeptPicture::KeptPicture(const base::PictureView& picture, std::int32_t ordinal, std::int32_t picture_in_packet,
                         base::BufferPool& buffers)
    : ordinal_(ordinal), picture_in_packet_(picture_in_packet), view_(picture) {
    const base::PixelLayout& layout = picture.layout;
    planes_ = buffers.acquire(static_cast<std::size_t>(convert::plane_bytes(layout, picture.width, picture.height)));
    if (picture.width == 0) return;  // a format that the converter does not support
    convert::copy_planes(picture, planes_->data());
    const std::uint8_t* data = planes_->data();
    for (int p = 0; p < layout.planes; ++p) {
        base::PlaneView& plane = view_.planes[static_cast<std::size_t>(p)];
        plane.data = data;
        plane.pixel_stride = layout.sample_bytes();
        plane.row_stride = std::ptrdiff_t{plane.width} * layout.sample_bytes();
        data += plane.height * plane.row_stride;
    }
}

}  // namespace kf::engine
