#include "convert/unscaled_rgb.hpp"

#include <algorithm>
#include <cmath>

#include "convert/color_matrix.hpp"
#include "convert/kernels/kernel_table.hpp"

namespace kf::convert {
namespace {

/// The colour matrix for products of 16 bits that are divided by 2^15. The kernel multiplies 64 * (Y - offset) and
/// 128 * (C - 128), and its sums are in 1/32 grey levels.
FixedPointMatrix fixed_point_matrix(const ColorMatrix& matrix) noexcept {
    const auto fixed = [](double factor, double input_scale) {
        return static_cast<std::int16_t>(std::lround(factor * 32.0 / input_scale * 32768.0));
    };
    return {static_cast<std::int16_t>(matrix.luma_offset),
            fixed(matrix.luma_scale, 64),
            fixed(matrix.red_v, 128),
            fixed(matrix.green_u, 128),
            fixed(matrix.green_v, 128),
            fixed(matrix.blue_u, 128)};
}

}  // namespace

bool is_unscaled_rgb(const base::PictureView& picture, const Box& box, const PixelRequest& request,
                     const PixelTarget& target) noexcept {
    const bool whole = box == Box{0, 0, static_cast<double>(picture.width), static_cast<double>(picture.height), false};
    const bool packed = target.pixel_stride == 3 && target.channel_stride == 1;
    const bool plain =
        picture.layout == base::PixelLayout{3, 1, 1, 8} && !picture.color.rgb && picture.site == base::ChromaSite{0.0, 0.5};
    return whole && packed && plain && target.width == picture.width && target.height == picture.height &&
           request.dtype == DType::uint8 && picture.planes[0].pixel_stride == 1;
}

void convert_unscaled_rgb(const base::PictureView& picture, const PixelRequest& request,
                          const PixelTarget& target) noexcept {
    const auto convert_row = kernel_table(request.kernels).unscaled_row;
    const FixedPointMatrix matrix = fixed_point_matrix(color_matrix(picture.color, 8));
    const auto& [luma, u, v] = picture.planes;
    for (int y = 0; y < picture.height; ++y) {
        // Chroma row k lies half way between luma rows 2k and 2k + 1, so a luma row is a quarter of a chroma row away from
        // the near chroma row and three quarters from the far one.
        const int near = y / 2;
        const int far = std::clamp(y % 2 == 0 ? near - 1 : near + 1, 0, u.height - 1);
        const UnscaledRow row{luma.data + y * luma.row_stride, u.data + near * u.row_stride, u.data + far * u.row_stride,
                              v.data + near * v.row_stride,    v.data + far * v.row_stride,  picture.width};
        convert_row(row, matrix, request.color == ColorOrder::bgr, target.data + y * target.row_stride);
    }
}

}  // namespace kf::convert
