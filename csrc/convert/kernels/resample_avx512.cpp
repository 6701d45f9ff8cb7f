// Compiled with AVX-512 (F, BW, DQ, VL); called only where the processor has it.
#include "convert/kernels/interleave_x86.hpp"
#include "convert/kernels/resample_body.hpp"

namespace kf {
namespace {

/// Where the samples of a block of outputs come from.
enum class Reach { one_load, two_loads, three_loads, gather };

template <int Lines, Reach reach, int FixedTaps>
inline void pick_blocks(const float* const (&lines)[Lines], const PickTable& table, float* const (&out)[Lines]) noexcept {
    constexpr int loads = reach == Reach::gather ? 0 : static_cast<int>(reach) + 1;
    const int taps = FixedTaps ? FixedTaps : table.taps;
    for (int i = 0; i < table.outputs; i += 16) {
        const __m512i first = _mm512_loadu_si512(table.first + i);
        const int base = std::min(table.first[i], table.first[i + 15]);
        __m512i lane = _mm512_sub_epi32(first, _mm512_set1_epi32(base));
        __m512 near[Lines][3];
        __m512 sums[Lines];
        for (int n = 0; n < Lines; ++n) {
            sums[n] = _mm512_setzero_ps();
            for (int k = 0; k < loads; ++k) near[n][k] = _mm512_loadu_ps(lines[n] + base + 16 * k);
        }
        const float* weights = table.weights + i;
        for (int t = 0; t < taps; ++t, weights += table.stride) {
            const __m512 weight = _mm512_loadu_ps(weights);
            for (int n = 0; n < Lines; ++n) {
                __m512 picked;
                if constexpr (reach == Reach::gather) {
                    picked = _mm512_i32gather_ps(first, lines[n] + t, 4);
                } else if constexpr (reach == Reach::one_load) {
                    picked = _mm512_permutexvar_ps(lane, near[n][0]);
                } else {
                    picked = _mm512_permutex2var_ps(near[n][0], lane, near[n][1]);
                }
                if constexpr (reach == Reach::three_loads) {
                    const __mmask16 beyond = _mm512_cmpgt_epi32_mask(lane, _mm512_set1_epi32(31));
                    picked = _mm512_mask_permutexvar_ps(picked, beyond, lane, near[n][2]);
                }
                sums[n] = _mm512_add_ps(sums[n], _mm512_mul_ps(weight, picked));
            }
            lane = _mm512_add_epi32(lane, _mm512_set1_epi32(1));
        }
        for (int n = 0; n < Lines; ++n) _mm512_storeu_ps(out[n] + i, sums[n]);
    }
}

/// Sixteen outputs at a time. Where all samples of all taps lie within sixteen or thirty-two neighbours, one or two loads
/// serve them; two taps, bilinear, are by far the most frequent.
template <int Lines>
inline void pick_lines(const float* const (&lines)[Lines], const PickTable& table, float* const (&out)[Lines]) noexcept {
    if (table.span <= 16 && table.taps == 2) {
        pick_blocks<Lines, Reach::one_load, 2>(lines, table, out);
    } else if (table.span <= 16) {
        pick_blocks<Lines, Reach::one_load, 0>(lines, table, out);
    } else if (table.span <= 32 && table.taps == 2) {
        pick_blocks<Lines, Reach::two_loads, 2>(lines, table, out);
    } else if (table.span <= 32) {
        pick_blocks<Lines, Reach::two_loads, 0>(lines, table, out);
    } else if (table.span <= 48 && table.taps == 2) {
        pick_blocks<Lines, Reach::three_loads, 2>(lines, table, out);
    } else if (table.span <= 48) {
        pick_blocks<Lines, Reach::three_loads, 0>(lines, table, out);
    } else {
        pick_blocks<Lines, Reach::gather, 0>(lines, table, out);
    }
}

void pick(const float* line, const PickTable& table, float* out) noexcept {
    pick_lines<1>({line}, table, {out});
}

void pick_pair(const float* line, const float* other, const PickTable& table, float* out, float* other_out) noexcept {
    pick_lines<2>({line, other}, table, {out, other_out});
}

template <class Luma>
inline __m512 load_floats(const Luma* from) noexcept {
    if constexpr (sizeof(Luma) == 1) {
        return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
    } else {
        return _mm512_loadu_ps(from);
    }
}

/// Past the cache: what would be fetched to be overwritten costs more than the arithmetic.
template <class Luma>
void stream_floats(const Luma* y, const float* u, const float* v, int count, const FloatRow& row) noexcept {
    if (!can_stream(row, count, sizeof(__m512))) return rgb_floats<Luma>(y, u, v, count, row);
    const auto all = [](float value) { return _mm512_set1_ps(value); };
    const auto store = [&](const FloatChannel& c, int x, __m512 luma, __m512 chroma) {
        const __m512 value = _mm512_fmadd_ps(luma, all(c.y), chroma);
        _mm512_stream_ps(c.out + x, _mm512_min_ps(_mm512_max_ps(value, all(c.low)), all(c.high)));
    };
    const FloatChannel& red = row.red;
    const FloatChannel& green = row.green;
    const FloatChannel& blue = row.blue;
    for (int x = 0; x < count; x += 16) {
        const __m512 luma = load_floats(y + x);
        const __m512 cb = _mm512_loadu_ps(u + x);
        const __m512 cr = _mm512_loadu_ps(v + x);
        store(red, x, luma, _mm512_fmadd_ps(cr, all(red.v), all(red.constant)));
        store(green, x, luma, _mm512_fmadd_ps(cb, all(green.u), _mm512_fmadd_ps(cr, all(green.v), all(green.constant))));
        store(blue, x, luma, _mm512_fmadd_ps(cb, all(blue.u), all(blue.constant)));
    }
}

void store_halves(const float* line, int count, float scale, float bias, std::uint16_t* out) noexcept {
    const __m512 all_scale = _mm512_set1_ps(scale);
    const __m512 all_bias = _mm512_set1_ps(bias);
    for (int x = 0; x < count; x += 16) {
        const auto wanted = static_cast<__mmask16>(count - x < 16 ? (1U << (count - x)) - 1 : 0xFFFFU);
        const __m512 value = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(wanted, line + x), all_scale, all_bias);
        _mm256_mask_storeu_epi16(out + x, wanted, _mm512_cvtps_ph(value, _MM_FROUND_TO_NEAREST_INT));
    }
}

}  // namespace

const ResampleKernels resample_kernels_avx512{
    blend<std::uint8_t>,         blend<std::uint16_t>, pick,      pick_pair,    rgb_lines,       stream_floats<float>,
    stream_floats<std::uint8_t>, level_line,           byte_line, store_halves, interleave_lines};

}  // namespace kf
