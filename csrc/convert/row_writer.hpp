// The end of the pass: lines of resampled samples become colours, and colours become a row of the target in its dtype, order
// and layout. One for each picture, used by one thread; allocates nothing. Floats of one request are the same in every
// layout.
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

class RowWriter {
public:
    /// spare: three more lines of the target's width.
    RowWriter(const ResampleKernels& kernels, const RowColors& colors, const PixelRequest& request,
              const PixelTarget& target, const std::array<float*, 3>& spare) noexcept;

    /// Uses the lines up. luma: where it is given, the first line as bytes; only where `takes_bytes`.
    void write(std::array<float*, 3> lines, const std::uint8_t* luma, int y) noexcept;
    [[nodiscard]] bool takes_bytes() const noexcept { return by_matrix_; }

private:
    void to_levels(std::array<float*, 3>& lines) const noexcept;
    void store(const float* line, std::uint8_t* data, float scale, float bias) const noexcept;

    const ResampleKernels& kernels_;
    const RowColors& colors_;
    const PixelRequest& request_;
    const PixelTarget& target_;
    std::array<float*, 3> spare_;
    MatrixFactors factors_;
    FloatRow floats_{};
    bool by_matrix_;     ///< Y, U, V to floats in one step
    bool side_by_side_;  ///< a channel's values follow each other
};

}  // namespace kf
