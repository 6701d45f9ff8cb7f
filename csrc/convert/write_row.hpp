// The end of the pass: a line of resampled samples becomes colours, and colours become the target's dtype, order and layout.
// Pure, any thread, allocates nothing.
#pragma once

#include <array>

#include "convert/color_matrix.hpp"
#include "convert/kernels/resample_kernels.hpp"
#include "convert/pixel_request.hpp"

namespace kf {

/// What three resampled lines are: Y, U, V; or G, B, R (`rgb_planes`); or Y alone (`planes` is 1).
struct RowColors {
    int planes = 3;
    bool rgb_planes = false;
    ColorMatrix matrix;
};

/// Uses the lines up, and `spare`, three more of their length. target.data is the row's first pixel. Floats of one request
/// are the same in every layout.
void write_row(const ResampleKernels& kernels, std::array<float*, 3> lines, const std::array<float*, 3>& spare,
               const RowColors& colors, const PixelRequest& request, const PixelTarget& target) noexcept;

}  // namespace kf
