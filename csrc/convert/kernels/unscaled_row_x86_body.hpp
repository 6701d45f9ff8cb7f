// What the AVX2 and the AVX-512 row share: the arithmetic of the portable row, to the bit, over the Words that each brings,
// vectors of int16. Internal linkage keeps them apart.
#pragma once

#include "convert/kernels/interleave_x86.hpp"
#include "convert/kernels/unscaled_row_body.hpp"

namespace kf::convert {
namespace {

/// Values of a block of pixels in the order of unpacking and packing: `low` holds the first eight of each sixteen.
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

/// In 1/32 grey levels, with the half level that rounds.
template <class Words>
inline Pixels<Words> luma_levels(const std::uint8_t* luma, const RowFactors& factors) noexcept {
    const auto levels = [&](auto words) {
        return Words::rounded_product((words - factors.luma_offset) << 6, factors.luma) + 16;
    };
    return {levels(Words::load_low(luma)), levels(Words::load_high(luma))};
}

/// 128 * (value - 128); reads a sample more than the pixels have.
template <class Words>
inline Pixels<Words> chroma_values(const std::uint8_t* near, const std::uint8_t* far) noexcept {
    const auto blended = [&](std::ptrdiff_t k) {
        const auto close = Words::widen(near + k);
        return (close << 1) + close + Words::widen(far + k);
    };
    const auto here = blended(0);
    const auto even = (here << 5) - 128 * 128;
    const auto odd = ((here + blended(1)) << 4) - 128 * 128;
    return {Words::unpack_low(even, odd), Words::unpack_high(even, odd)};
}

template <class Words>
inline auto to_bytes(const Pixels<Words>& sums) noexcept {
    return Words::pack(sums.low >> 5, sums.high >> 5);
}

template <class Words>
inline void unscaled_row(const RowInput input, const RowFactors factors, bool bgr, std::uint8_t* output) noexcept {
    const auto write = [&](std::ptrdiff_t x) {
        const auto luma = luma_levels<Words>(input.luma + x, factors);
        const auto u = chroma_values<Words>(input.u_near + x / 2, input.u_far + x / 2);
        const auto v = chroma_values<Words>(input.v_near + x / 2, input.v_far + x / 2);
        const auto red = to_bytes(luma + product(v, factors.red_v));
        const auto green = to_bytes(luma + product(u, factors.green_u) + product(v, factors.green_v));
        const auto blue = to_bytes(luma + product(u, factors.blue_u));
        interleave(bgr ? blue : red, green, bgr ? red : blue, output + 3 * x);
    };
    constexpr int reads = Words::pixels + 2;  // pixels whose chroma a block reads
    int x = 0;
    for (; x + reads <= input.width; x += Words::pixels) write(x);
    if (input.width >= reads) {  // over the one before it, from an even pixel
        x = (input.width - reads) / 2 * 2;
        write(x);
        x += Words::pixels;
    }
    write_pixels(input, factors, bgr, x, output);
}

}  // namespace
}  // namespace kf::convert
