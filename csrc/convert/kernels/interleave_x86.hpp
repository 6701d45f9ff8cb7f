// Three byte lines to packed pixels, for kernels compiled with SSSE3 or more; internal linkage keeps them apart. Pure.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace kf {
namespace {

/// Byte i of an output block comes from channel i % 3 of pixel i / 3; -1 leaves a zero for the other channels.
struct Spread {
    alignas(16) std::int8_t lanes[3][3][16];
};

constexpr Spread make_spread() {
    Spread spread{};
    for (int block = 0; block < 3; ++block) {
        for (int channel = 0; channel < 3; ++channel) {
            for (int i = 0; i < 16; ++i) {
                const int byte = 16 * block + i;
                spread.lanes[block][channel][i] = static_cast<std::int8_t>(byte % 3 == channel ? byte / 3 : -1);
            }
        }
    }
    return spread;
}

constexpr Spread spread = make_spread();

inline __m128i load_16(const void* from) noexcept {
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

/// Sixteen pixels of three channels, packed.
inline void interleave(__m128i first, __m128i second, __m128i third, std::uint8_t* output) noexcept {
    for (std::ptrdiff_t block = 0; block < 3; ++block) {
        const auto& lanes = spread.lanes[block];
        const __m128i two =
            _mm_or_si128(_mm_shuffle_epi8(first, load_16(lanes[0])), _mm_shuffle_epi8(second, load_16(lanes[1])));
        const __m128i all = _mm_or_si128(two, _mm_shuffle_epi8(third, load_16(lanes[2])));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(output + 16 * block), all);
    }
}

/// The same for whole lines.
inline void interleave_lines(const std::uint8_t* first, const std::uint8_t* second, const std::uint8_t* third, int count,
                             std::uint8_t* output) noexcept {
    std::ptrdiff_t x = 0;
    for (; x + 16 <= count; x += 16) interleave(load_16(first + x), load_16(second + x), load_16(third + x), output + 3 * x);
    for (; x < count; ++x) {
        output[3 * x] = first[x];
        output[3 * x + 1] = second[x];
        output[3 * x + 2] = third[x];
    }
}

}  // namespace
}  // namespace kf
