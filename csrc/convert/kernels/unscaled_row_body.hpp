// What the variants of the row kernel share. Each compiles it with its own instruction set; internal linkage keeps them
// apart.
#pragma once

#include <algorithm>

#include "convert/kernels/unscaled_rows.hpp"

namespace kf::convert {
namespace {

/// (a * b) / 2^15, rounded.
inline int rounded_product(int a, int b) noexcept {
    return (a * b + 0x4000) >> 15;
}

inline std::uint8_t to_byte(int thirty_seconds) noexcept {
    return static_cast<std::uint8_t>(std::clamp((thirty_seconds + 16) >> 5, 0, 255));
}

/// Chroma of a luma row, half as wide: 4 * (value - 128).
struct ChromaRow {
    const std::uint8_t* near;
    const std::uint8_t* far;
    int operator[](int k) const noexcept { return 3 * near[k] + far[k] - 512; }
};

/// Pixels [begin, width), two at a time: chroma sample k sits at pixel 2k, so odd pixels lie between two. begin is even.
inline void write_pixels(const RowInput& input, const RowFactors f, bool bgr, int begin, std::uint8_t* output) noexcept {
    const std::uint8_t* const luma_row = input.luma;  // copies, which bytes that are written cannot be part of
    const int width = input.width;
    const ChromaRow u{input.u_near, input.u_far};
    const ChromaRow v{input.v_near, input.v_far};
    const auto write_pixel = [&](int x, int cb, int cr) {  // 128 * (value - 128)
        const int luma = rounded_product((luma_row[x] - f.luma_offset) * 64, f.luma);
        std::uint8_t* const pixel = output + 3 * static_cast<std::ptrdiff_t>(x);
        pixel[bgr ? 2 : 0] = to_byte(luma + rounded_product(cr, f.red_v));
        pixel[1] = to_byte(luma + rounded_product(cb, f.green_u) + rounded_product(cr, f.green_v));
        pixel[bgr ? 0 : 2] = to_byte(luma + rounded_product(cb, f.blue_u));
    };
    if (begin >= width) return;
    int cb = u[begin / 2];
    int cr = v[begin / 2];
    for (int x = begin; x < width; x += 2) {
        const int next = std::min(x / 2 + 1, (width - 1) / 2);  // the last sample is its own neighbour
        const int next_cb = u[next];
        const int next_cr = v[next];
        write_pixel(x, 32 * cb, 32 * cr);
        if (x + 1 < width) write_pixel(x + 1, 16 * (cb + next_cb), 16 * (cr + next_cr));
        cb = next_cb;
        cr = next_cr;
    }
}

}  // namespace
}  // namespace kf::convert
