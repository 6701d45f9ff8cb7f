// Compiled with AVX-512 (F, BW, DQ, VL); called only where the processor has it.
#include "convert/kernels/unscaled_row_x86_body.hpp"

namespace kf::convert {
namespace {

struct ThirtyTwoWords {
    using Vector = std::int16_t __attribute__((vector_size(64)));
    static constexpr int pixels = 64;
    static Vector load_low(const std::uint8_t* from) noexcept {
        return Vector(_mm512_unpacklo_epi8(_mm512_loadu_si512(from), _mm512_setzero_si512()));
    }
    static Vector load_high(const std::uint8_t* from) noexcept {
        return Vector(_mm512_unpackhi_epi8(_mm512_loadu_si512(from), _mm512_setzero_si512()));
    }
    static Vector widen(const std::uint8_t* from) noexcept { return Vector(_mm512_cvtepu8_epi16(load_32(from))); }
    static Vector rounded_product(Vector a, std::int16_t b) noexcept {
        return Vector(_mm512_mulhrs_epi16(__m512i(a), _mm512_set1_epi16(b)));
    }
    static Vector unpack_low(Vector a, Vector b) noexcept { return Vector(_mm512_unpacklo_epi16(__m512i(a), __m512i(b))); }
    static Vector unpack_high(Vector a, Vector b) noexcept { return Vector(_mm512_unpackhi_epi16(__m512i(a), __m512i(b))); }
    static __m512i pack(Vector a, Vector b) noexcept { return _mm512_packus_epi16(__m512i(a), __m512i(b)); }
};

}  // namespace

void unscaled_row_avx512(const RowInput& input, const RowFactors& factors, bool bgr, std::uint8_t* output) noexcept {
    unscaled_row<ThirtyTwoWords>(input, factors, bgr, output);
}

}  // namespace kf::convert
