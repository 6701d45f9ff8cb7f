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
    const bool whole_pixels =
        box.width == target.width && box.height == target.height && box.x == std::floor(box.x) && box.y == std::floor(box.y);
    const bool inside =
        box.x >= 0 && box.y >= 0 && box.x + box.width <= picture.width && box.y + box.height <= picture.height;
    const bool plain =
        picture.layout == base::PixelLayout{3, 1, 1, 8} && !picture.color.rgb && picture.site == base::ChromaSite{0.0, 0.5};
    return whole_pixels && inside && plain && request.dtype == DType::uint8 && request.color != ColorOrder::gray;
}

void convert_unscaled_rgb(const base::PictureView& picture, const Box& box, const PixelRequest& request,
                          const PixelTarget& target, RowBand& band) {
    const auto convert_row = kernel_table(request.kernels).unscaled_row;
    const FixedPointMatrix matrix = fixed_point_matrix(color_matrix(picture.color, 8));
    const bool bgr = request.color == ColorOrder::bgr;
    const auto& [luma, u, v] = picture.planes;
    const int left = static_cast<int>(box.x);
    const int top = static_cast<int>(box.y);
    const int first_chroma_row = top / 2;
    const int last_chroma_row = (top + target.height - 1) / 2;
    band.begin(target, request, true);
    const PixelTarget& rows = band.rows();
    for (int y = 0; y < target.height; ++y) {
        // Chroma row k lies half way between luma rows 2k and 2k + 1, so a luma row is a quarter of a chroma row away from
        // the near chroma row and three quarters from the far one.
        const int line = top + y;
        const int near = line / 2;
        const int far = std::clamp(line % 2 == 0 ? near - 1 : near + 1, first_chroma_row, last_chroma_row);
        const auto chroma = [&](const base::PlaneView& plane, int row) {
            return plane.data + row * plane.row_stride + left / 2;
        };
        const UnscaledRow row{luma.data + line * luma.row_stride + left,
                              chroma(u, near),
                              chroma(u, far),
                              chroma(v, near),
                              chroma(v, far),
                              target.width,
                              left % 2 != 0};
        convert_row(row, matrix, {rows.data + band.place(y) * rows.row_stride, rows.pixel_stride, rows.channel_stride, bgr});
        band.written(y);
    }
}

}  // namespace kf::convert
