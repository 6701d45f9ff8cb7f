#include "convert/plane_copy.hpp"

#include <cstring>

namespace kf::convert {

std::int64_t plane_bytes(const base::PixelLayout& layout, int width, int height) noexcept {
    std::int64_t bytes = 0;
    for (int p = 0; p < layout.planes; ++p) {
        bytes += std::int64_t{layout.plane_width(p, width)} * layout.plane_height(p, height) * layout.sample_bytes();
    }
    return bytes;
}

void copy_planes(const base::PictureView& picture, std::uint8_t* target) noexcept {
    for (int p = 0; p < picture.layout.planes; ++p) {
        const base::PlaneView& plane = picture.planes[static_cast<std::size_t>(p)];
        const auto row_bytes =
            static_cast<std::size_t>(plane.width) * static_cast<std::size_t>(picture.layout.sample_bytes());
        for (int y = 0; y < plane.height; ++y, target += row_bytes)
            std::memcpy(target, plane.data + y * plane.row_stride, row_bytes);
    }
}

}  // namespace kf::convert
