// Compiled with AVX-512 (F, BW, DQ, VL); called only where the processor has it.
#include <immintrin.h>

#include <array>

#include "convert/kernels/resample_body.hpp"

namespace kf {
namespace {

/// Sixteen outputs at a time. Where all samples of all taps lie within sixteen or thirty-two neighbours, one or two loads
/// serve them.
template <std::size_t Lines>
inline void pick_lines(const std::array<const float*, Lines>& lines, const PickTable& table,
                       const std::array<float*, Lines>& out) noexcept {
    const __m512i one = _mm512_set1_epi32(1);
    for (int i = 0; i < table.outputs; i += 16) {
        const __m512i first = _mm512_loadu_si512(table.first + i);
        const int base = std::min(table.first[i], table.first[i + 15]);
        const int span = std::max(table.first[i], table.first[i + 15]) - base + table.taps;
        __m512i lane = _mm512_sub_epi32(first, _mm512_set1_epi32(base));
        const float* weights = table.weights + i;
        __m512 sums[Lines];
        for (std::size_t n = 0; n < Lines; ++n) sums[n] = _mm512_setzero_ps();
        if (span <= 32) {
            __m512 low[Lines];
            __m512 high[Lines];
            for (std::size_t n = 0; n < Lines; ++n) {
                low[n] = _mm512_loadu_ps(lines[n] + base);
                high[n] = span > 16 ? _mm512_loadu_ps(lines[n] + base + 16) : low[n];
            }
            for (int t = 0; t < table.taps; ++t, weights += table.stride, lane = _mm512_add_epi32(lane, one)) {
                const __m512 weight = _mm512_loadu_ps(weights);
                for (std::size_t n = 0; n < Lines; ++n) {
                    sums[n] = _mm512_add_ps(sums[n], _mm512_mul_ps(weight, _mm512_permutex2var_ps(low[n], lane, high[n])));
                }
            }
        } else {
            for (int t = 0; t < table.taps; ++t, weights += table.stride) {
                const __m512 weight = _mm512_loadu_ps(weights);
                for (std::size_t n = 0; n < Lines; ++n) {
                    sums[n] = _mm512_add_ps(sums[n], _mm512_mul_ps(weight, _mm512_i32gather_ps(first, lines[n] + t, 4)));
                }
            }
        }
        for (std::size_t n = 0; n < Lines; ++n) _mm512_storeu_ps(out[n] + i, sums[n]);
    }
}

void pick(const float* line, const PickTable& table, float* out) noexcept {
    pick_lines<1>({line}, table, {out});
}

void pick_pair(const float* line, const float* other, const PickTable& table, float* out, float* other_out) noexcept {
    pick_lines<2>({line, other}, table, {out, other_out});
}

}  // namespace

const ResampleKernels resample_kernels_avx512{blend<std::uint8_t>, blend<std::uint16_t>, pick,       pick_pair,
                                              rgb_lines,           rgb_floats,           level_line, byte_line};

}  // namespace kf
