// Compiled with AVX2; called only where the processor has it.
#include <array>

#include "convert/kernels/interleave_x86.hpp"
#include "convert/kernels/resample_body.hpp"

namespace kf {
namespace {

/// The weighted sums over the taps of what fetch(line, t) gives, for one line or for two.
template <std::size_t Lines, class Fetch>
inline void weighted(const std::array<const float*, Lines>& lines, const PickTable& table, int i,
                     const std::array<float*, Lines>& out, Fetch fetch) noexcept {
    const float* weights = table.weights + i;
    __m256 weight = _mm256_loadu_ps(weights);
    __m256 sums[Lines];
    for (std::size_t n = 0; n < Lines; ++n) sums[n] = _mm256_mul_ps(weight, fetch(lines[n], 0));
    for (int t = 1; t < table.taps; ++t) {
        weights += table.stride;
        weight = _mm256_loadu_ps(weights);
        for (std::size_t n = 0; n < Lines; ++n) sums[n] = _mm256_add_ps(sums[n], _mm256_mul_ps(weight, fetch(lines[n], t)));
    }
    for (std::size_t n = 0; n < Lines; ++n) _mm256_storeu_ps(out[n] + i, sums[n]);
}

/// Eight outputs at a time, from eight or sixteen neighbours, else gathered.
template <std::size_t Lines>
inline void pick_lines(const std::array<const float*, Lines>& lines, const PickTable& table,
                       const std::array<float*, Lines>& out) noexcept {
    for (int i = 0; i < table.outputs; i += 8) {
        const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(table.first + i));
        const int base = std::min(table.first[i], table.first[i + 7]);
        const int reach = std::max(table.first[i], table.first[i + 7]) - base;
        const __m256i lane = _mm256_sub_epi32(first, _mm256_set1_epi32(base));
        const __m256 beyond = _mm256_castsi256_ps(_mm256_cmpgt_epi32(lane, _mm256_set1_epi32(7)));
        const auto near = [&](const float* line, int t) {
            return _mm256_permutevar8x32_ps(_mm256_loadu_ps(line + base + t), lane);
        };
        if (reach < 8) {
            weighted<Lines>(lines, table, i, out, near);
        } else if (reach < 16) {
            weighted<Lines>(lines, table, i, out, [&](const float* line, int t) {
                return _mm256_blendv_ps(near(line, t), near(line, t + 8), beyond);
            });
        } else {
            weighted<Lines>(lines, table, i, out,
                            [&](const float* line, int t) { return _mm256_i32gather_ps(line + t, first, 4); });
        }
    }
}

void pick(const float* line, const PickTable& table, float* out) noexcept {
    pick_lines<1>({line}, table, {out});
}

void pick_pair(const float* line, const float* other, const PickTable& table, float* out, float* other_out) noexcept {
    pick_lines<2>({line, other}, table, {out, other_out});
}

template <class Luma>
inline __m256 load_floats(const Luma* from) noexcept {
    if constexpr (sizeof(Luma) == 1) {
        return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from))));
    } else {
        return _mm256_loadu_ps(from);
    }
}

/// Past the cache: what would be fetched to be overwritten costs more than the arithmetic.
template <class Luma>
void stream_floats(const Luma* y, const float* u, const float* v, int count, const FloatRow& row) noexcept {
    if (!can_stream(row, count, sizeof(__m256))) return rgb_floats<Luma>(y, u, v, count, row);
    const auto all = [](float value) { return _mm256_set1_ps(value); };
    const auto store = [&](const FloatChannel& c, int x, __m256 luma, __m256 chroma) {
        const __m256 value = _mm256_fmadd_ps(luma, all(c.y), chroma);
        _mm256_stream_ps(c.out + x, _mm256_min_ps(_mm256_max_ps(value, all(c.low)), all(c.high)));
    };
    const FloatChannel& red = row.red;
    const FloatChannel& green = row.green;
    const FloatChannel& blue = row.blue;
    for (int x = 0; x < count; x += 8) {
        const __m256 luma = load_floats(y + x);
        const __m256 cb = _mm256_loadu_ps(u + x);
        const __m256 cr = _mm256_loadu_ps(v + x);
        store(red, x, luma, _mm256_fmadd_ps(cr, all(red.v), all(red.constant)));
        store(green, x, luma, _mm256_fmadd_ps(cb, all(green.u), _mm256_fmadd_ps(cr, all(green.v), all(green.constant))));
        store(blue, x, luma, _mm256_fmadd_ps(cb, all(blue.u), all(blue.constant)));
    }
}

void store_halves(const float* line, int count, float scale, float bias, std::uint16_t* out) noexcept {
    const __m256 all_scale = _mm256_set1_ps(scale);
    const __m256 all_bias = _mm256_set1_ps(bias);
    int x = 0;
    for (; x + 8 <= count; x += 8) {
        const __m256 value = _mm256_fmadd_ps(_mm256_loadu_ps(line + x), all_scale, all_bias);
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out + x), _mm256_cvtps_ph(value, _MM_FROUND_TO_NEAREST_INT));
    }
    for (; x < count; ++x) out[x] = _cvtss_sh(multiply_add(line[x], scale, bias), _MM_FROUND_TO_NEAREST_INT);
}

}  // namespace

const ResampleKernels resample_kernels_avx2{
    blend<std::uint8_t>,         blend<std::uint16_t>, pick,      pick_pair,    rgb_lines,       stream_floats<float>,
    stream_floats<std::uint8_t>, level_line,           byte_line, store_halves, interleave_lines};

}  // namespace kf
