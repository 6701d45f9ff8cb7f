// Compiled with AVX2; called only where the processor has it. The same arithmetic as the portable row, to the bit.
#include "convert/kernels/interleave_x86.hpp"
#include "convert/kernels/unscaled_row_body.hpp"

namespace kf {
namespace {

inline __m256i load_32(const void* from) noexcept {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

/// Sixteen sums in 1/32 grey levels to bytes: rounded half up, saturated.
inline __m128i to_bytes(__m256i sums) noexcept {
    const __m256i rounded = _mm256_srai_epi16(_mm256_add_epi16(sums, _mm256_set1_epi16(16)), 5);
    return _mm_packus_epi16(_mm256_castsi256_si128(rounded), _mm256_extracti128_si256(rounded, 1));
}

}  // namespace

void unscaled_row_avx2(const RowInput& input, const RowFactors& factors, bool bgr, std::int16_t* scratch,
                       std::uint8_t* output) noexcept {
    const ChromaLines chroma = chroma_lines(input, scratch);
    const __m256i luma_offset = _mm256_set1_epi16(factors.luma_offset);
    const __m256i luma_factor = _mm256_set1_epi16(factors.luma);
    const __m256i red_v = _mm256_set1_epi16(factors.red_v);
    const __m256i green_u = _mm256_set1_epi16(factors.green_u);
    const __m256i green_v = _mm256_set1_epi16(factors.green_v);
    const __m256i blue_u = _mm256_set1_epi16(factors.blue_u);
    std::ptrdiff_t x = 0;
    for (; x + 16 <= input.width; x += 16) {
        const __m256i above_black = _mm256_sub_epi16(_mm256_cvtepu8_epi16(load_16(input.luma + x)), luma_offset);
        const __m256i luma = _mm256_mulhrs_epi16(_mm256_slli_epi16(above_black, 6), luma_factor);
        const __m256i u = load_32(chroma.u + x);
        const __m256i v = load_32(chroma.v + x);
        const __m256i green = _mm256_add_epi16(_mm256_mulhrs_epi16(u, green_u), _mm256_mulhrs_epi16(v, green_v));
        const __m128i red_bytes = to_bytes(_mm256_add_epi16(luma, _mm256_mulhrs_epi16(v, red_v)));
        const __m128i green_bytes = to_bytes(_mm256_add_epi16(luma, green));
        const __m128i blue_bytes = to_bytes(_mm256_add_epi16(luma, _mm256_mulhrs_epi16(u, blue_u)));
        interleave(bgr ? blue_bytes : red_bytes, green_bytes, bgr ? red_bytes : blue_bytes, output + 3 * x);
    }
    write_pixels(input, chroma, factors, bgr, static_cast<int>(x), output);
}

}  // namespace kf
