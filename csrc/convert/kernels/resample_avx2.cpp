// Compiled with AVX2; called only where the processor has it.
#include "convert/kernels/resample_x86_body.hpp"

namespace kf::convert {
namespace {

struct EightLanes {
    using Floats = __m256;
    using Bytes = __m256i;
    static constexpr int count = 8;
    static __m256 load(const float* from) noexcept { return _mm256_loadu_ps(from); }
    static __m256 load(const std::uint8_t* from) noexcept {
        return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from))));
    }
    static __m256 load(const std::uint16_t* from) noexcept {
        return _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(load_16(from)));
    }
    static __m256 all(float value) noexcept { return _mm256_set1_ps(value); }
    static __m256 add(__m256 a, __m256 b) noexcept { return _mm256_add_ps(a, b); }
    static __m256 multiply(__m256 a, __m256 b) noexcept { return _mm256_mul_ps(a, b); }
    static __m256 multiply_add(__m256 a, __m256 b, __m256 c) noexcept { return _mm256_fmadd_ps(a, b, c); }
    static __m256 larger(__m256 a, __m256 b) noexcept { return _mm256_max_ps(a, b); }
    static __m256 smaller(__m256 a, __m256 b) noexcept { return _mm256_min_ps(a, b); }
    static void store(float* to, __m256 value) noexcept { _mm256_storeu_ps(to, value); }
    static void stream(float* to, __m256 value) noexcept { _mm256_stream_ps(to, value); }
    static void store_bytes(std::uint8_t* to, __m256 value) noexcept {
        const __m256i whole = _mm256_cvttps_epi32(value);
        const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packus_epi16(words, words));
    }

    static __m256i load_quads(const std::uint8_t* line, const std::int32_t* quads) noexcept {
        return _mm256_inserti128_si256(_mm256_castsi128_si256(load_16(line + quads[0])), load_16(line + quads[1]), 1);
    }
    static __m256i load_places(const std::uint32_t* from) noexcept {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    }
    static __m256i add_places(__m256i places, std::uint32_t bytes) noexcept {
        return _mm256_add_epi32(places, _mm256_set1_epi32(static_cast<int>(bytes)));
    }
    static __m256 sample_at(__m256i bytes, __m256i places) noexcept {
        return _mm256_cvtepi32_ps(_mm256_shuffle_epi8(bytes, places));
    }
};

/// The weighted sums over the taps of what fetch(t) gives.
template <class Fetch>
inline void weighted(const PickTable& table, int i, float* out, const Fetch& fetch) noexcept {
    const float* weights = table.weights + i;
    __m256 sum = _mm256_mul_ps(_mm256_loadu_ps(weights), fetch(0));
    for (int t = 1; t < table.taps; ++t) {
        weights += table.stride;
        sum = _mm256_add_ps(sum, _mm256_mul_ps(_mm256_loadu_ps(weights), fetch(t)));
    }
    _mm256_storeu_ps(out + i, sum);
}

/// Eight outputs at a time, from eight or sixteen neighbours, else gathered.
void pick(const float* line, const PickTable& table, float* out) noexcept {
    for (int i = 0; i < table.outputs; i += 8) {
        const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(table.first + i));
        const int base = std::min(table.first[i], table.first[i + 7]);
        const int reach = std::max(table.first[i], table.first[i + 7]) - base;
        const __m256i lane = _mm256_sub_epi32(first, _mm256_set1_epi32(base));
        const __m256 beyond = _mm256_castsi256_ps(_mm256_cmpgt_epi32(lane, _mm256_set1_epi32(7)));
        const auto near = [&](int t) { return _mm256_permutevar8x32_ps(_mm256_loadu_ps(line + base + t), lane); };
        if (reach < 8) {
            weighted(table, i, out, near);
        } else if (reach < 16) {
            weighted(table, i, out, [&](int t) { return _mm256_blendv_ps(near(t), near(t + 8), beyond); });
        } else {
            weighted(table, i, out, [&](int t) { return _mm256_i32gather_ps(line + t, first, 4); });
        }
    }
}

void store_halves(const float* line, int count, std::uint16_t* out) noexcept {
    int x = 0;
    for (; x + 8 <= count; x += 8) {
        const __m256 value = _mm256_loadu_ps(line + x);
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out + x), _mm256_cvtps_ph(value, _MM_FROUND_TO_NEAREST_INT));
    }
    for (; x < count; ++x) out[x] = _cvtss_sh(line[x], _MM_FROUND_TO_NEAREST_INT);
}

}  // namespace

const ResampleKernels resample_kernels_avx2{blend<EightLanes, std::uint8_t>,
                                            blend<EightLanes, std::uint16_t>,
                                            pick,
                                            pick_samples<EightLanes, std::uint8_t>,
                                            pick_samples<EightLanes, std::uint16_t>,
                                            float_row<EightLanes>,
                                            byte_row<EightLanes>,
                                            store_halves,
                                            interleave_lines};

}  // namespace kf::convert
