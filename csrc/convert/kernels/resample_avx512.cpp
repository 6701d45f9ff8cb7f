// Compiled with AVX-512 (F, BW, DQ, VL); called only where the processor has it.
#include <immintrin.h>

#include <array>

#include "convert/kernels/resample_body.hpp"

namespace kf {
namespace {

/// The weighted sums over the taps of what fetch(line, t) gives, for one line or for two.
template <std::size_t Lines, class Fetch>
inline void weighted(const std::array<const float*, Lines>& lines, const PickTable& table, int i,
                     const std::array<float*, Lines>& out, Fetch fetch) noexcept {
    const float* weights = table.weights + i;
    __m512 weight = _mm512_loadu_ps(weights);
    __m512 sums[Lines];
    for (std::size_t n = 0; n < Lines; ++n) sums[n] = _mm512_mul_ps(weight, fetch(lines[n], 0));
    for (int t = 1; t < table.taps; ++t) {
        weights += table.stride;
        weight = _mm512_loadu_ps(weights);
        for (std::size_t n = 0; n < Lines; ++n) sums[n] = _mm512_add_ps(sums[n], _mm512_mul_ps(weight, fetch(lines[n], t)));
    }
    for (std::size_t n = 0; n < Lines; ++n) _mm512_storeu_ps(out[n] + i, sums[n]);
}

/// Sixteen outputs at a time, from sixteen or thirty-two neighbours, else gathered.
template <std::size_t Lines>
inline void pick_lines(const std::array<const float*, Lines>& lines, const PickTable& table,
                       const std::array<float*, Lines>& out) noexcept {
    for (int i = 0; i < table.outputs; i += 16) {
        const __m512i first = _mm512_loadu_si512(table.first + i);
        const int base = std::min(table.first[i], table.first[i + 15]);
        const int reach = std::max(table.first[i], table.first[i + 15]) - base;
        const __m512i lane = _mm512_sub_epi32(first, _mm512_set1_epi32(base));
        if (reach < 16) {
            weighted<Lines>(lines, table, i, out, [&](const float* line, int t) {
                return _mm512_permutexvar_ps(lane, _mm512_loadu_ps(line + base + t));
            });
        } else if (reach < 32) {
            weighted<Lines>(lines, table, i, out, [&](const float* line, int t) {
                return _mm512_permutex2var_ps(_mm512_loadu_ps(line + base + t), lane, _mm512_loadu_ps(line + base + t + 16));
            });
        } else {
            weighted<Lines>(lines, table, i, out,
                            [&](const float* line, int t) { return _mm512_i32gather_ps(first, line + t, 4); });
        }
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
