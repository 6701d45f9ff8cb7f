// unscaled_row of the kernel tables, pixel by pixel: all of a row in portable code, the end of a row elsewhere. The source
// file of each table includes this header; internal linkage keeps the tables apart.
#pragma once

#include <algorithm>

#include "convert/kernels/kernel_table.hpp"

namespace kf::convert {
namespace {

/// a * b / 2^15, rounded half up: what x86 calls pmulhrsw.
inline int rounded_product(int a, int b) noexcept {
    return (a * b + 0x4000) >> 15;
}

/// From 1/32 grey levels, rounded half up.
inline std::uint8_t to_byte(int thirty_seconds) noexcept {
    return static_cast<std::uint8_t>(std::clamp((thirty_seconds + 16) >> 5, 0, 255));
}

/// The chroma at a luma row, half as wide: (3 * near + far) / 4 is the linear interpolation. Values are 4 * (chroma - 128).
struct ChromaRow {
    const std::uint8_t* near;
    const std::uint8_t* far;
    int operator[](int k) const noexcept { return 3 * near[k] + far[k] - 512; }
};

/// Writes pixels [begin, width), two at a time: chroma sample k sits at pixel 2k, and odd pixels lie half way between two
/// samples. begin is even.
inline void write_unscaled_pixels(const UnscaledRow& row, const FixedPointMatrix matrix, bool bgr, int begin,
                                  std::uint8_t* out) noexcept {
    const std::uint8_t* const luma_row = row.luma;  // copies: the compiler knows that no store changes them
    const int width = row.width;
    const ChromaRow u{row.u_near, row.u_far};
    const ChromaRow v{row.v_near, row.v_far};
    const auto write_pixel = [&](int x, int cb, int cr) {  // chroma as 128 * (value - 128)
        const int luma = rounded_product((luma_row[x] - matrix.luma_offset) * 64, matrix.luma);
        std::uint8_t* const pixel = out + 3 * static_cast<std::ptrdiff_t>(x);
        pixel[bgr ? 2 : 0] = to_byte(luma + rounded_product(cr, matrix.red_v));
        pixel[1] = to_byte(luma + rounded_product(cb, matrix.green_u) + rounded_product(cr, matrix.green_v));
        pixel[bgr ? 0 : 2] = to_byte(luma + rounded_product(cb, matrix.blue_u));
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
