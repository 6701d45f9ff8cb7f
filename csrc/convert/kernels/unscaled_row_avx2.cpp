// Compiled with AVX2; called only where the processor has it.
#include <immintrin.h>

#include "convert/kernels/unscaled_row_body.hpp"

namespace kf {
namespace {

/// Byte i of the three 16-byte outputs comes from channel (i % 3), pixel (i / 3): -1 leaves a zero for the others.
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

__m128i load(const void* from) noexcept {
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

}  // namespace

void unscaled_row_avx2(const RowInput& input, const RowFactors& factors, bool bgr, std::int16_t* scratch,
                       std::uint8_t* output) noexcept {
    const RowBytes bytes = row_colors(input, factors, scratch);
    const std::uint8_t* const channels[3] = {bytes.channel(bgr ? 2 : 0), bytes.channel(1), bytes.channel(bgr ? 0 : 2)};
    int x = 0;
    for (; x + 16 <= input.width; x += 16) {
        const __m128i pixels[3] = {load(channels[0] + x), load(channels[1] + x), load(channels[2] + x)};
        for (int block = 0; block < 3; ++block) {
            __m128i packed = _mm_shuffle_epi8(pixels[0], load(spread.lanes[block][0]));
            packed = _mm_or_si128(packed, _mm_shuffle_epi8(pixels[1], load(spread.lanes[block][1])));
            packed = _mm_or_si128(packed, _mm_shuffle_epi8(pixels[2], load(spread.lanes[block][2])));
            _mm_storeu_si128(reinterpret_cast<__m128i*>(output + 3 * x + 16 * block), packed);
        }
    }
    interleave(channels[0], channels[1], channels[2], x, input.width, output);
}

}  // namespace kf
