// unscaled_row of the kernel tables, pixel by pixel: all of a row in portable code, the end of a row elsewhere. The source
// file of each table includes this header; internal linkage keeps the tables apart.
#pragma once

#include <algorithm>
#include <utility>

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

/// Writes single pixels of a row.
class UnscaledPixelWriter {
public:
    UnscaledPixelWriter(const std::uint8_t* luma, const FixedPointMatrix& matrix, const UnscaledPixels& out) noexcept
        : luma_(luma), matrix_(matrix), out_(out), red_(out.bgr ? 2 * out.channel_stride : 0), green_(out.channel_stride),
          blue_(out.bgr ? 0 : 2 * out.channel_stride) {}

    void write(int x, int cb, int cr) const noexcept {  // chroma as 128 * (value - 128)
        const int luma = rounded_product((luma_[x] - matrix_.luma_offset) * 64, matrix_.luma);
        std::uint8_t* const pixel = out_.at(x);
        pixel[red_] = to_byte(luma + rounded_product(cr, matrix_.red_v));
        pixel[green_] = to_byte(luma + rounded_product(cb, matrix_.green_u) + rounded_product(cr, matrix_.green_v));
        pixel[blue_] = to_byte(luma + rounded_product(cb, matrix_.blue_u));
    }

private:
    const std::uint8_t* luma_;
    FixedPointMatrix matrix_;
    UnscaledPixels out_;
    std::ptrdiff_t red_;
    std::ptrdiff_t green_;
    std::ptrdiff_t blue_;
};

/// Writes pixels [begin, width), two at a time: chroma sample k sits at pixel 2k, and odd pixels lie half way between two
/// samples. begin is even, and so is the first pixel of the row.
inline void write_unscaled_pixels(const UnscaledRow& row, const FixedPointMatrix& matrix, const UnscaledPixels& out,
                                  int begin) noexcept {
    const int width = row.width;
    if (begin >= width) return;
    const ChromaRow u{row.u_near, row.u_far};
    const ChromaRow v{row.v_near, row.v_far};
    const UnscaledPixelWriter writer(row.luma, matrix, out);
    int cb = u[begin / 2];
    int cr = v[begin / 2];
    for (int x = begin; x < width; x += 2) {
        const int next = std::min(x / 2 + 1, (width - 1) / 2);  // the last sample is its own neighbour
        const int next_cb = u[next];
        const int next_cr = v[next];
        writer.write(x, 32 * cb, 32 * cr);
        if (x + 1 < width) writer.write(x + 1, 16 * (cb + next_cb), 16 * (cr + next_cr));
        cb = next_cb;
        cr = next_cr;
    }
}

/// Writes the first pixel of a row that begins at an odd pixel. Returns the rest of the row, and where that goes.
inline std::pair<UnscaledRow, UnscaledPixels> write_odd_pixel(UnscaledRow row, const FixedPointMatrix& matrix,
                                                              UnscaledPixels out) noexcept {
    const ChromaRow u{row.u_near, row.u_far};
    const ChromaRow v{row.v_near, row.v_far};
    const int next = row.width > 1 ? 1 : 0;
    UnscaledPixelWriter(row.luma, matrix, out).write(0, 16 * (u[0] + u[next]), 16 * (v[0] + v[next]));
    out.data += out.pixel_stride;
    return {{row.luma + 1, row.u_near + 1, row.u_far + 1, row.v_near + 1, row.v_far + 1, row.width - 1}, out};
}

}  // namespace
}  // namespace kf::convert
