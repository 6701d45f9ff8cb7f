// unscaled_row of the AVX2 and the AVX-512 table: the arithmetic of unscaled_pixels.hpp, to the bit, over Words: a type per
// instruction set for vectors of int16. Internal linkage keeps the tables apart.
#pragma once

#include "convert/kernels/unscaled_pixels.hpp"
#include "convert/kernels/x86/interleave.hpp"

namespace kf::convert {
namespace {

/// The shuffle that reverses sixteen bytes.
alignas(16) constexpr std::int8_t backwards[16] = {15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0};

/// The values of a block of pixels, in the order in which x86 unpacks and packs: `low` holds the first eight of each
/// sixteen.
template <class Words>
struct Pixels {
    typename Words::Vector low;
    typename Words::Vector high;
};

template <class Words>
inline Pixels<Words> operator+(const Pixels<Words>& a, const Pixels<Words>& b) noexcept {
    return {a.low + b.low, a.high + b.high};
}

template <class Words>
inline Pixels<Words> product(const Pixels<Words>& pixels, std::int16_t factor) noexcept {
    return {Words::rounded_product(pixels.low, factor), Words::rounded_product(pixels.high, factor)};
}

/// Luma in 1/32 grey levels, plus the half level that rounds.
template <class Words>
inline Pixels<Words> luma_levels(const std::uint8_t* luma, const FixedPointMatrix& matrix) noexcept {
    const auto levels = [&](auto words) {
        return Words::rounded_product((words - matrix.luma_offset) << 6, matrix.luma) + 16;
    };
    return {levels(Words::load_low(luma)), levels(Words::load_high(luma))};
}

/// Chroma as 128 * (value - 128). Reads one sample more than the pixels have.
template <class Words>
inline Pixels<Words> chroma_values(const std::uint8_t* near, const std::uint8_t* far) noexcept {
    const auto interpolated = [&](std::ptrdiff_t k) {
        const auto close = Words::widen(near + k);
        return (close << 1) + close + Words::widen(far + k);
    };
    const auto here = interpolated(0);
    const auto even = (here << 5) - 128 * 128;
    const auto odd = ((here + interpolated(1)) << 4) - 128 * 128;
    return {Words::unpack_low(even, odd), Words::unpack_high(even, odd)};
}

template <class Words>
inline auto to_bytes(const Pixels<Words>& sums) noexcept {
    return Words::pack(sums.low >> 5, sums.high >> 5);
}

/// Stores a block of pixels from x on.
template <class Words, class Bytes>
inline void store_pixels(Bytes red, Bytes green, Bytes blue, std::ptrdiff_t x, const UnscaledPixels& out) noexcept {
    std::uint8_t* to = out.at(x);
    if (out.mirrored()) {
        to = out.at(x + Words::pixels - 1);
        red = Words::reversed(red);
        green = Words::reversed(green);
        blue = Words::reversed(blue);
    }
    const Bytes first = out.bgr ? blue : red;
    const Bytes third = out.bgr ? red : blue;
    if (out.packed()) return interleave(first, green, third, to);
    Words::store(to, first);
    Words::store(to + out.channel_stride, green);
    Words::store(to + 2 * out.channel_stride, third);
}

/// Plain: packed, from left to right. It is by far the most frequent and has a loop of its own.
template <class Words, bool Plain>
inline void write_even_row(const UnscaledRow row, const FixedPointMatrix matrix, const UnscaledPixels out) noexcept {
    const auto write = [&](std::ptrdiff_t x) {
        const auto luma = luma_levels<Words>(row.luma + x, matrix);
        const auto u = chroma_values<Words>(row.u_near + x / 2, row.u_far + x / 2);
        const auto v = chroma_values<Words>(row.v_near + x / 2, row.v_far + x / 2);
        const auto red = to_bytes(luma + product(v, matrix.red_v));
        const auto green = to_bytes(luma + product(u, matrix.green_u) + product(v, matrix.green_v));
        const auto blue = to_bytes(luma + product(u, matrix.blue_u));
        if constexpr (Plain) {
            interleave(out.bgr ? blue : red, green, out.bgr ? red : blue, out.data + 3 * x);
        } else {
            store_pixels<Words>(red, green, blue, x, out);
        }
    };
    constexpr int reads = Words::pixels + 2;  // pixels whose chroma one block reads
    int x = 0;
    for (; x + reads <= row.width; x += Words::pixels) write(x);
    if (row.width >= reads) {  // the last block overlaps the block before it and begins at an even pixel
        x = (row.width - reads) / 2 * 2;
        write(x);
        x += Words::pixels;
    }
    write_unscaled_pixels(row, matrix, out, x);
}

template <class Words>
inline void write_unscaled_row(const UnscaledRow& row, const FixedPointMatrix& matrix, const UnscaledPixels& out) noexcept {
    const auto even = out.packed() && !out.mirrored() ? write_even_row<Words, true> : write_even_row<Words, false>;
    if (row.begins_odd) {
        const auto [rest, rest_out] = write_odd_pixel(row, matrix, out);
        return even(rest, matrix, rest_out);
    }
    even(row, matrix, out);
}

}  // namespace
}  // namespace kf::convert
