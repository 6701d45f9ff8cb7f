#include "convert/color_matrix.hpp"

namespace kf::convert {

ColorMatrix color_matrix(const base::ColorSpec& color, int depth) noexcept {
    const double one = 1 << (depth - 8);  // one step of 8 bits, in steps of this depth
    const double largest = (1 << depth) - 1;
    const double luma_scale = 255.0 / (color.full_range ? largest : 219.0 * one);
    const double chroma_scale = 255.0 / (color.full_range ? largest : 224.0 * one);
    const double green_weight = 1.0 - color.red_weight - color.blue_weight;
    const double red = 2.0 * (1.0 - color.red_weight) * chroma_scale;
    const double blue = 2.0 * (1.0 - color.blue_weight) * chroma_scale;
    return {luma_scale, color.full_range ? 0.0 : 16.0 * one,      128.0 * one,
            red,        -blue * color.blue_weight / green_weight, -red * color.red_weight / green_weight,
            blue};
}

}  // namespace kf::convert
