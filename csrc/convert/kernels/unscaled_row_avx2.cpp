// Compiled with AVX2; called only where the processor has it.
#include "convert/kernels/unscaled_row_x86_body.hpp"

namespace kf::convert {
namespace {

struct SixteenWords {
    using Vector = std::int16_t __attribute__((vector_size(32)));
    static constexpr int pixels = 32;
    static Vector load_low(const std::uint8_t* from) noexcept {
        return Vector(_mm256_unpacklo_epi8(load_32(from), _mm256_setzero_si256()));
    }
    static Vector load_high(const std::uint8_t* from) noexcept {
        return Vector(_mm256_unpackhi_epi8(load_32(from), _mm256_setzero_si256()));
    }
    static Vector widen(const std::uint8_t* from) noexcept { return Vector(_mm256_cvtepu8_epi16(load_16(from))); }
    static Vector rounded_product(Vector a, std::int16_t b) noexcept {
        return Vector(_mm256_mulhrs_epi16(__m256i(a), _mm256_set1_epi16(b)));
    }
    static Vector unpack_low(Vector a, Vector b) noexcept { return Vector(_mm256_unpacklo_epi16(__m256i(a), __m256i(b))); }
    static Vector unpack_high(Vector a, Vector b) noexcept { return Vector(_mm256_unpackhi_epi16(__m256i(a), __m256i(b))); }
    static __m256i pack(Vector a, Vector b) noexcept { return _mm256_packus_epi16(__m256i(a), __m256i(b)); }
};

}  // namespace

void unscaled_row_avx2(const RowInput& input, const RowFactors& factors, bool bgr, std::uint8_t* output) noexcept {
    unscaled_row<SixteenWords>(input, factors, bgr, output);
}

}  // namespace kf::convert
