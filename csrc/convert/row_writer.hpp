// The end of the conversion: three lines of samples become colours, and the colours become one row of the target in its
// dtype, colour order and layout. Owns nothing: it refers to the target and to the spare lines of its caller. One per
// picture, one thread at a time. Never allocates. The floats of a request are the same in every layout.
#pragma once

#include <array>

#include "convert/color_matrix.hpp"
#include "convert/kernels/kernel_table.hpp"
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
    /// spare: three lines that have room for the width of the target.
    RowWriter(const KernelTable& kernels, const RowColors& colors, const PixelRequest& request, const PixelTarget& target,
              const std::array<float*, 3>& spare) noexcept;

    /// Writes row y. Where there is only one plane, its line must be given for all three.
    void write(const PlaneLines& lines, int y) noexcept;

private:
    [[nodiscard]] bool is_planar() const noexcept { return target_.pixel_stride == dtype_bytes(request_.dtype); }
    [[nodiscard]] bool is_direct() const noexcept { return is_planar() && dtype_bytes(request_.dtype) != 2; }
    [[nodiscard]] std::uint8_t* channel(std::uint8_t* row, std::size_t color) const noexcept {
        return row + channels_[color] * target_.channel_stride;
    }
    template <class Value>
    [[nodiscard]] ColorLines<Value> out(std::uint8_t* row) const noexcept;
    void store(const float* line, std::uint8_t* data) const noexcept;
    void interleave(std::uint8_t* row) const noexcept;

    const KernelTable& kernels_;
    const PixelRequest& request_;
    const PixelTarget& target_;
    std::array<float*, 3> spare_;
    std::array<int, 3> channels_;  ///< the channel of red, green and blue, -1 for none; grey is written as green
    ColorMixes mixes_{};
};

}  // namespace kf::convert
