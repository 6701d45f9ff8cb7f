// The row kernel of UnscaledRgb, one for each instruction set. Pure, allocates nothing.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kf::convert {

/// Factors for 16-bit products that are rounded to their upper half; see unscaled_rgb.cpp.
struct RowFactors {
    std::int16_t luma_offset;
    std::int16_t luma;
    std::int16_t red_v;
    std::int16_t green_u;
    std::int16_t green_v;
    std::int16_t blue_u;
};

/// One row of luma and the two rows of each chroma plane around it: the near one weighs three times the far one.
struct RowInput {
    const std::uint8_t* luma;
    const std::uint8_t* u_near;
    const std::uint8_t* u_far;
    const std::uint8_t* v_near;
    const std::uint8_t* v_far;
    int width;
};

using RowKernel = void (*)(const RowInput& input, const RowFactors& factors, bool bgr, std::uint8_t* output) noexcept;

void unscaled_row_portable(const RowInput& input, const RowFactors& factors, bool bgr, std::uint8_t* output) noexcept;
#ifdef KF_X86_KERNELS
void unscaled_row_avx2(const RowInput& input, const RowFactors& factors, bool bgr, std::uint8_t* output) noexcept;
void unscaled_row_avx512(const RowInput& input, const RowFactors& factors, bool bgr, std::uint8_t* output) noexcept;
#endif

}  // namespace kf::convert
