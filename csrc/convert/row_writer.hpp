// The end of the pass: lines of resampled samples become colours, and colours become a row of the target in its dtype, order
// and layout. One for each picture, used by one thread; allocates nothing. Floats of one request are the same in every
// layout.
#pragma once

#include <array>

#include "convert/color_matrix.hpp"
#include "convert/kernels/resample_kernels.hpp"
#include "convert/pixel_request.hpp"

namespace kf::convert {

/// What three resampled lines are: Y, U, V; or G, B, R (`rgb_planes`); or Y alone (`planes` is 1).
struct RowColors {
    int planes = 3;
    bool rgb_planes = false;
    ColorMatrix matrix;
};

class RowWriter {
public:
    /// spare: three lines of the target's width.
    RowWriter(const ResampleKernels& kernels, const RowColors& colors, const PixelRequest& request,
              const PixelTarget& target, const std::array<float*, 3>& spare) noexcept;

    /// Lines of one plane stand for all three.
    void write(const PlaneLines& lines, int y) noexcept;

private:
    [[nodiscard]] bool is_side_by_side() const noexcept { return target_.pixel_stride == dtype_bytes(request_.dtype); }
    [[nodiscard]] bool is_direct() const noexcept { return is_side_by_side() && request_.dtype != DType::float16; }
    [[nodiscard]] std::uint8_t* channel(std::uint8_t* row, std::size_t color) const noexcept {
        return row + places_[color] * target_.channel_stride;
    }
    template <class Value>
    [[nodiscard]] ColorLines<Value> out(std::uint8_t* row) const noexcept;
    void store(const float* line, std::uint8_t* data) const noexcept;
    void interleave(std::uint8_t* row) const noexcept;

    const ResampleKernels& kernels_;
    const PixelRequest& request_;
    const PixelTarget& target_;
    std::array<float*, 3> spare_;
    std::array<int, 3> places_;  ///< which channel red, green and blue are, -1 for none; grey is in green's stead
    ColorMixes mixes_{};
};

}  // namespace kf::convert
