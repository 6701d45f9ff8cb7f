// The loops of a row kernel, compiled by each variant with its own instruction set; internal linkage keeps the variants apart.
#pragma once

#include <algorithm>

#include "convert/kernels/unscaled_rows.hpp"

namespace kf {
namespace {

/// (a * b) / 2^15, rounded: one instruction on every vector unit.
inline std::int16_t rounded_product(std::int16_t a, std::int16_t b) noexcept {
    return static_cast<std::int16_t>((std::int32_t{a} * b + 0x4000) >> 15);
}

/// Chroma of a luma row, half as wide: 4 * (value - 128), with one more at the right edge.
inline void blend_rows(const std::uint8_t* near, const std::uint8_t* far, int count, std::int16_t* output) noexcept {
    for (int i = 0; i < count; ++i) output[i] = static_cast<std::int16_t>(3 * near[i] + far[i] - 512);
    output[count] = output[count - 1];
}

/// Chroma of every pixel: 128 * (value - 128). Sample k sits at pixel 2k, so odd pixels lie between two.
inline void widen(const std::int16_t* half, int count, std::int16_t* output) noexcept {
    for (int i = 0; i < count; ++i) {
        output[2 * i] = static_cast<std::int16_t>(half[i] * 32);
        output[2 * i + 1] = static_cast<std::int16_t>((half[i] + half[i + 1]) * 16);
    }
}

inline std::uint8_t to_byte(int thirty_seconds) noexcept {
    return static_cast<std::uint8_t>(std::clamp((thirty_seconds + 16) >> 5, 0, 255));
}

struct RowBytes {
    std::uint8_t* red;
    std::uint8_t* green;
    std::uint8_t* blue;
};

/// Everything but the interleaving; returns where red, green and blue lie in scratch.
inline RowBytes row_colors(const RowInput& input, const RowFactors& factors, std::int16_t* scratch) noexcept {
    const int half = (input.width + 1) / 2;
    const std::size_t line = static_cast<std::size_t>(input.width) + 66;
    std::int16_t* const narrow = scratch;
    std::int16_t* const u = scratch + line;
    std::int16_t* const v = u + line;
    blend_rows(input.u_near, input.u_far, half, narrow);
    widen(narrow, half, u);
    blend_rows(input.v_near, input.v_far, half, narrow);
    widen(narrow, half, v);
    auto* const red = reinterpret_cast<std::uint8_t*>(v + line);
    std::uint8_t* const green = red + line;
    std::uint8_t* const blue = green + line;
    for (int x = 0; x < input.width; ++x) {
        const auto above_black = static_cast<std::int16_t>((input.luma[x] - factors.luma_offset) * 64);
        const std::int16_t luma = rounded_product(above_black, factors.luma);
        red[x] = to_byte(luma + rounded_product(v[x], factors.red_v));
        green[x] = to_byte(luma + rounded_product(u[x], factors.green_u) + rounded_product(v[x], factors.green_v));
        blue[x] = to_byte(luma + rounded_product(u[x], factors.blue_u));
    }
    return {red, green, blue};
}

inline void interleave(const std::uint8_t* first, const std::uint8_t* second, const std::uint8_t* third, int begin, int end,
                       std::uint8_t* output) noexcept {
    for (int x = begin; x < end; ++x) {
        output[3 * x] = first[x];
        output[3 * x + 1] = second[x];
        output[3 * x + 2] = third[x];
    }
}

}  // namespace
}  // namespace kf
