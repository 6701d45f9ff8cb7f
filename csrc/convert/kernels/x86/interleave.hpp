// Packs three lines of bytes into pixels, for the AVX2 and the AVX-512 table. Internal linkage keeps the tables apart.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace kf::convert {
namespace {

/// Sixteen packed pixels are three blocks of sixteen bytes. Byte i of block k belongs to channel (k + i) % 3. One shuffle
/// per channel therefore serves all three blocks, and each block takes every third byte of each shuffled channel.
struct Spread {
    alignas(16) std::int8_t order[3][16];
    alignas(16) std::int8_t third[3][16];  ///< third[r][i] is -1 where i % 3 is r
};

constexpr Spread make_spread() {
    Spread spread{};
    for (int i = 0; i < 16; ++i) {
        spread.third[i % 3][i] = -1;
        for (int channel = 0; channel < 3; ++channel) {
            const int block = (channel - i % 3 + 3) % 3;
            spread.order[channel][i] = static_cast<std::int8_t>((16 * block + i) / 3);
        }
    }
    return spread;
}

constexpr Spread spread = make_spread();

inline __m128i load_16(const void* from) noexcept {
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

inline __m256i load_32(const void* from) noexcept {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

/// Packs 32 pixels.
inline void interleave(__m256i first, __m256i second, __m256i third, std::uint8_t* out) noexcept {
    const auto twice = [](const std::int8_t (&lanes)[16]) { return _mm256_broadcastsi128_si256(load_16(lanes)); };
    const __m256i a = _mm256_shuffle_epi8(first, twice(spread.order[0]));
    const __m256i b = _mm256_shuffle_epi8(second, twice(spread.order[1]));
    const __m256i c = _mm256_shuffle_epi8(third, twice(spread.order[2]));
    const auto block = [&](std::size_t of_b, std::size_t of_c) {
        return _mm256_blendv_epi8(_mm256_blendv_epi8(a, b, twice(spread.third[of_b])), c, twice(spread.third[of_c]));
    };
    // The low half of each holds a block of the first sixteen pixels, the high half that of the other sixteen.
    const __m256i blocks[3] = {block(1, 2), block(0, 1), block(2, 0)};
    const auto store = [&](int at, __m256i bytes) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + at), bytes); };
    store(0, _mm256_permute2x128_si256(blocks[0], blocks[1], 0x20));
    store(32, _mm256_permute2x128_si256(blocks[2], blocks[0], 0x30));
    store(64, _mm256_permute2x128_si256(blocks[1], blocks[2], 0x31));
}

#ifdef __AVX512BW__
/// Packs 64 pixels.
inline void interleave(__m512i first, __m512i second, __m512i third, std::uint8_t* out) noexcept {
    const auto halves = [&](std::ptrdiff_t half) {
        const auto half_of = [&](__m512i all) {
            return half == 0 ? _mm512_castsi512_si256(all) : _mm512_extracti64x4_epi64(all, 1);
        };
        interleave(half_of(first), half_of(second), half_of(third), out + 96 * half);
    };
    halves(0);
    halves(1);
}
#endif

/// Packs whole lines.
inline void interleave_lines(const std::uint8_t* first, const std::uint8_t* second, const std::uint8_t* third, int count,
                             std::uint8_t* out) noexcept {
    std::ptrdiff_t x = 0;
    for (; x + 32 <= count; x += 32) interleave(load_32(first + x), load_32(second + x), load_32(third + x), out + 3 * x);
    for (; x < count; ++x) {
        out[3 * x] = first[x];
        out[3 * x + 1] = second[x];
        out[3 * x + 2] = third[x];
    }
}

}  // namespace
}  // namespace kf::convert
