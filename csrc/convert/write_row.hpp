// The end of the pass: a line of resampled samples becomes colours, and colours become the target's dtype, order and layout.
// Pure, any thread, allocates nothing.
#pragma once

#include <array>

#include "convert/color_matrix.hpp"
#include "convert/pixel_request.hpp"

namespace kf {

/// In place: the lines of Y, U, V (or of G, B, R, or of Y alone) become red, green, blue in 0..255; with one plane, or where
/// only grey is wanted, the first line alone becomes grey. Afterwards lines[0..2] are red, green, blue, or lines[0] is grey.
void to_rgb(std::array<float*, 3>& lines, int planes, int width, bool rgb_planes, bool gray,
            const ColorMatrix& matrix) noexcept;

/// target.data is the row's first pixel.
void write_row(const std::array<float*, 3>& lines, const PixelRequest& request, const PixelTarget& target) noexcept;

}  // namespace kf
