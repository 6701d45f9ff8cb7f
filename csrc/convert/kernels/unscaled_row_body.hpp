// The loops of a row kernel, compiled by each variant with its own instruction set; internal linkage keeps the variants
// apart.
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
inline void blend_rows(const std::uint8_t* __restrict near, const std::uint8_t* __restrict far, int count,
                       std::int16_t* __restrict output) noexcept {
    for (int i = 0; i < count; ++i) output[i] = static_cast<std::int16_t>(3 * near[i] + far[i] - 512);
    output[count] = output[count - 1];
}

/// Chroma of every pixel: 128 * (value - 128). Sample k sits at pixel 2k, so odd pixels lie between two.
inline void widen(const std::int16_t* __restrict half, int count, std::int16_t* __restrict output) noexcept {
    for (int i = 0; i < count; ++i) {
        output[2 * i] = static_cast<std::int16_t>(half[i] * 32);
        output[2 * i + 1] = static_cast<std::int16_t>((half[i] + half[i + 1]) * 16);
    }
}

inline std::int16_t clamped_byte(std::int16_t thirty_seconds) noexcept {
    const auto rounded = static_cast<std::int16_t>((thirty_seconds + 16) >> 5);
    return std::clamp<std::int16_t>(rounded, 0, 255);
}

/// Factors by value and restrict pointers: bytes may alias anything, and the compiler would not vectorise.
inline void mix(const std::uint8_t* __restrict luma, const std::int16_t* __restrict u, const std::int16_t* __restrict v,
                const RowFactors f, int width, std::uint8_t* __restrict red, std::uint8_t* __restrict green,
                std::uint8_t* __restrict blue) noexcept {
    for (int x = 0; x < width; ++x) {
        const std::int16_t y = rounded_product(static_cast<std::int16_t>((luma[x] - f.luma_offset) * 64), f.luma);
        const auto r = static_cast<std::int16_t>(y + rounded_product(v[x], f.red_v));
        const auto g = static_cast<std::int16_t>(y + rounded_product(u[x], f.green_u) + rounded_product(v[x], f.green_v));
        const auto b = static_cast<std::int16_t>(y + rounded_product(u[x], f.blue_u));
        red[x] = static_cast<std::uint8_t>(clamped_byte(r));
        green[x] = static_cast<std::uint8_t>(clamped_byte(g));
        blue[x] = static_cast<std::uint8_t>(clamped_byte(b));
    }
}

/// Red, green and blue lines, one after the other.
struct RowBytes {
    std::uint8_t* red;
    std::size_t line;
    [[nodiscard]] std::uint8_t* channel(std::size_t c) const noexcept { return red + c * line; }
};

/// Everything but the interleaving; returns where the colours lie in scratch.
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
    const RowBytes bytes{reinterpret_cast<std::uint8_t*>(v + line), line};
    mix(input.luma, u, v, factors, input.width, bytes.channel(0), bytes.channel(1), bytes.channel(2));
    return bytes;
}

inline void interleave(const std::uint8_t* __restrict first, const std::uint8_t* __restrict second,
                       const std::uint8_t* __restrict third, int begin, int end, std::uint8_t* __restrict output) noexcept {
    for (int x = begin; x < end; ++x) {
        output[3 * x] = first[x];
        output[3 * x + 1] = second[x];
        output[3 * x + 2] = third[x];
    }
}

}  // namespace
}  // namespace kf
