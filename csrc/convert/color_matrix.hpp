// From YCbCr samples to red, green and blue in 0..255. Plain data; any thread. The formulas are those of ITU-T H.273
// section 8.3: with the weights Kr and Kb of the stream's matrix_coefficients, Kg = 1 - Kr - Kb, Y in 0..1 and Cb, Cr in
// -0.5..0.5,
//   R = Y + 2 (1 - Kr) Cr
//   G = Y - 2 (1 - Kb) Kb / Kg Cb - 2 (1 - Kr) Kr / Kg Cr
//   B = Y + 2 (1 - Kb) Cb
// In limited range, 8-bit Y is 16 + 219 times that number, Cb and Cr are 128 + 224 times theirs; in full range the factor is
// 255.
#pragma once

#include "base/picture_view.hpp"

namespace kf::convert {

/// red = luma_scale * (Y - luma_offset) + red_v * (V - chroma_offset), and so on for green and blue; U is Cb, V is Cr.
struct ColorMatrix {
    double luma_scale = 1;
    double luma_offset = 0;
    double chroma_offset = 128;
    double red_v = 0;
    double green_u = 0;
    double green_v = 0;
    double blue_u = 0;
};

/// For samples of `depth` bits. Planes that are RGB already use luma_scale alone.
[[nodiscard]] ColorMatrix color_matrix(const base::ColorSpec& color, int depth) noexcept;

}  // namespace kf::convert
