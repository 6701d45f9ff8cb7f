// From sample values to red, green, blue in 0..255, by ITU-T H.273 section 8.3. Pure, any thread.
#pragma once

#include "base/picture_view.hpp"

namespace kf::convert {

/// red = luma_scale * (Y - luma_offset) + red_v * (V - chroma_offset), and so on.
struct ColorMatrix {
    double luma_scale = 1;
    double luma_offset = 0;
    double chroma_offset = 128;
    double red_v = 0;
    double green_u = 0;
    double green_v = 0;
    double blue_u = 0;
};

/// For YCbCr and grey planes of `depth` bits; planes that are RGB already only use luma_scale.
[[nodiscard]] ColorMatrix color_matrix(const base::ColorSpec& color, int depth) noexcept;

}  // namespace kf::convert
