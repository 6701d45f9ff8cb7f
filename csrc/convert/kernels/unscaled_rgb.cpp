#include "convert/kernels/unscaled_rgb.hpp"

#include <algorithm>
#include <cmath>

#include "convert/color_matrix.hpp"
#include "convert/kernels/resample_kernels.hpp"
#include "convert/kernels/unscaled_rows.hpp"

namespace kf::convert {
namespace {

RowKernel row_kernel(KernelSet set) noexcept {
#ifdef KF_X86_KERNELS
    const bool any = set == KernelSet::best;
    if ((any || set == KernelSet::avx512) && has_kernels(KernelSet::avx512)) return unscaled_row_avx512;
    if ((any || set == KernelSet::avx2) && has_kernels(KernelSet::avx2)) return unscaled_row_avx2;
#else
    (void)set;
#endif
    return unscaled_row_portable;
}

/// Sums are in 1/32 grey levels. Luma enters as 64 levels a step and chroma as 128, and a product is divided by 2^15.
RowFactors row_factors(const ColorMatrix& matrix) noexcept {
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
    const RowKernel convert_row = row_kernel(request.kernels);
    const RowFactors factors = row_factors(color_matrix(picture.color, 8));
    const auto& [luma, u, v] = picture.planes;
    for (int y = 0; y < picture.height; ++y) {
        // Chroma row k sits between luma rows 2k and 2k + 1, a quarter row from each.
        const int near = y / 2;
        const int far = std::clamp(y % 2 == 0 ? near - 1 : near + 1, 0, u.height - 1);
        const RowInput row{luma.data + y * luma.row_stride, u.data + near * u.row_stride, u.data + far * u.row_stride,
                           v.data + near * v.row_stride,    v.data + far * v.row_stride,  picture.width};
        convert_row(row, factors, request.color == ColorOrder::bgr, target.data + y * target.row_stride);
    }
}

}  // namespace kf::convert
