// What the variants of the row kernel share. Each compiles it with its own instruction set; internal linkage keeps them
// apart.
#pragma once

#include <algorithm>

#include "convert/kernels/unscaled_rows.hpp"

namespace kf {
namespace {

/// (a * b) / 2^15, rounded.
inline int rounded_product(int a, int b) noexcept {
    return (a * b + 0x4000) >> 15;
}

/// Chroma of a luma row, half as wide: 4 * (value - 128), with one more at the right edge.
inline void blend_rows(const std::uint8_t* __restrict near, const std::uint8_t* __restrict far, int count,
                       std::int16_t* __restrict output) noexcept {
    for (int i = 0; i < count; ++i) output[i] = static_cast<std::int16_t>(3 * near[i] + far[i] - 512);
    output[count] = output[count - 1];
}

/// Chroma of every pixel: 128 * (value - 128). Sample k sits at pixel 2k, so odd pixels lie between two.
inline void widen(const std::int16_t* __restrict half, int count, std::int16_t* __restrict output) noexcept {
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        output[2 * i] = static_cast<std::int16_t>(half[i] * 32);
        output[2 * i + 1] = static_cast<std::int16_t>((half[i] + half[i + 1]) * 16);
    }
}

/// Chroma lines as wide as the row.
struct ChromaLines {
    const std::int16_t* u;
    const std::int16_t* v;
};

inline ChromaLines chroma_lines(const RowInput& input, std::int16_t* scratch) noexcept {
    const int half = (input.width + 1) / 2;
    const std::ptrdiff_t line = 2 * std::ptrdiff_t{half};
    std::int16_t* const narrow = scratch;
    std::int16_t* const u = narrow + half + 1;
    std::int16_t* const v = u + line;
    blend_rows(input.u_near, input.u_far, half, narrow);
    widen(narrow, half, u);
    blend_rows(input.v_near, input.v_far, half, narrow);
    widen(narrow, half, v);
    return {u, v};
}

inline std::uint8_t to_byte(int thirty_seconds) noexcept {
    return static_cast<std::uint8_t>(std::clamp((thirty_seconds + 16) >> 5, 0, 255));
}

/// Pixels [begin, width), one after the other.
inline void write_pixels(const RowInput& input, const ChromaLines& chroma, const RowFactors f, bool bgr, int begin,
                         std::uint8_t* output) noexcept {
    for (int x = begin; x < input.width; ++x) {
        const int luma = rounded_product((input.luma[x] - f.luma_offset) * 64, f.luma);
        const int u = chroma.u[x];
        const int v = chroma.v[x];
        std::uint8_t* const pixel = output + 3 * static_cast<std::ptrdiff_t>(x);
        pixel[bgr ? 2 : 0] = to_byte(luma + rounded_product(v, f.red_v));
        pixel[1] = to_byte(luma + rounded_product(u, f.green_u) + rounded_product(v, f.green_v));
        pixel[bgr ? 0 : 2] = to_byte(luma + rounded_product(u, f.blue_u));
    }
}

}  // namespace
}  // namespace kf
