// The kernel table for AVX2 with FMA and F16C. Compiled with these; called only where the processor has them.
#include "convert/kernels/short_floats.hpp"
#include "convert/kernels/x86/filter_passes.hpp"
#include "convert/kernels/x86/unscaled_row.hpp"

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
    static __m256 broadcast(float value) noexcept { return _mm256_set1_ps(value); }
    static __m256 add(__m256 a, __m256 b) noexcept { return _mm256_add_ps(a, b); }
    static __m256 multiply(__m256 a, __m256 b) noexcept { return _mm256_mul_ps(a, b); }
    static __m256 multiply_add(__m256 a, __m256 b, __m256 c) noexcept { return _mm256_fmadd_ps(a, b, c); }
    static __m256 max(__m256 a, __m256 b) noexcept { return _mm256_max_ps(a, b); }
    static __m256 min(__m256 a, __m256 b) noexcept { return _mm256_min_ps(a, b); }
    static void store(float* to, __m256 value) noexcept { _mm256_storeu_ps(to, value); }
    static void stream(float* to, __m256 value) noexcept { _mm256_stream_ps(to, value); }
    static void store_bytes(std::uint8_t* to, __m256 value) noexcept {
        const __m256i whole = _mm256_cvttps_epi32(value);
        const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packus_epi16(words, words));
    }

    static __m256i load_quads(const std::uint8_t* line, const std::int32_t* quad_starts) noexcept {
        return _mm256_inserti128_si256(_mm256_castsi128_si256(load_16(line + quad_starts[0])),
                                       load_16(line + quad_starts[1]), 1);
    }
    static __m256i load_shuffles(const std::uint32_t* from) noexcept {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    }
    static __m256i add_to_shuffles(__m256i shuffles, std::uint32_t bytes) noexcept {
        return _mm256_add_epi32(shuffles, _mm256_set1_epi32(static_cast<int>(bytes)));
    }
    static __m256 sample_at(__m256i bytes, __m256i shuffles) noexcept {
        return _mm256_cvtepi32_ps(_mm256_shuffle_epi8(bytes, shuffles));
    }
    static __m256i load_block(const std::uint8_t* from) noexcept { return _mm256_broadcastsi128_si256(load_16(from)); }
    /// The sums of the two bytes of each lane.
    static __m256 pair_sums(__m256i bytes, __m256i shuffles) noexcept {
        return _mm256_cvtepi32_ps(_mm256_maddubs_epi16(_mm256_shuffle_epi8(bytes, shuffles), _mm256_set1_epi8(1)));
    }
};

/// Makes eight outputs: the weighted sum of fetch(t) over the taps.
template <class Fetch>
inline void weighted(const HorizontalTaps& taps, int i, float* out, const Fetch& fetch) noexcept {
    const float* weights = taps.weights + i;
    __m256 sum = _mm256_mul_ps(_mm256_loadu_ps(weights), fetch(0));
    for (int t = 1; t < taps.taps; ++t) {
        weights += taps.stride;
        sum = _mm256_add_ps(sum, _mm256_mul_ps(_mm256_loadu_ps(weights), fetch(t)));
    }
    _mm256_storeu_ps(out + i, sum);
}

/// Makes eight outputs at a time, from eight or sixteen neighbouring floats where those suffice, with a gather elsewhere.
void horizontal_pass(const float* line, const HorizontalTaps& taps, float* out) noexcept {
    for (int i = 0; i < taps.outputs; i += 8) {
        const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(taps.first + i));
        const int base = std::min(taps.first[i], taps.first[i + 7]);
        const int reach = std::max(taps.first[i], taps.first[i + 7]) - base;
        const __m256i lane = _mm256_sub_epi32(first, _mm256_set1_epi32(base));
        const __m256 beyond = _mm256_castsi256_ps(_mm256_cmpgt_epi32(lane, _mm256_set1_epi32(7)));
        const auto near = [&](int t) { return _mm256_permutevar8x32_ps(_mm256_loadu_ps(line + base + t), lane); };
        if (reach < 8) {
            weighted(taps, i, out, near);
        } else if (reach < 16) {
            weighted(taps, i, out, [&](int t) { return _mm256_blendv_ps(near(t), near(t + 8), beyond); });
        } else {
            weighted(taps, i, out, [&](int t) { return _mm256_i32gather_ps(line + t, first, 4); });
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

void store_bfloats(const float* line, int count, std::uint16_t* out) noexcept {
    int x = 0;
    for (; x + 8 <= count; x += 8) {
        const __m256 value = _mm256_loadu_ps(line + x);
        const __m256i bits = _mm256_castps_si256(value);
        const __m256i upper = _mm256_srli_epi32(bits, 16);
        const __m256i half = _mm256_add_epi32(_mm256_and_si256(upper, _mm256_set1_epi32(1)), _mm256_set1_epi32(0x7FFF));
        const __m256i rounded = _mm256_srli_epi32(_mm256_add_epi32(bits, half), 16);
        const __m256i nan = _mm256_castps_si256(_mm256_cmp_ps(value, value, _CMP_UNORD_Q));
        const __m256i all = _mm256_blendv_epi8(rounded, _mm256_or_si256(upper, _mm256_set1_epi32(0x40)), nan);
        const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out + x), words);
    }
    for (; x < count; ++x) out[x] = to_bfloat(line[x]);
}

/// 16-bit integers for the unscaled row.
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
    static __m256i reversed(__m256i bytes) noexcept {
        const __m256i turned = _mm256_shuffle_epi8(bytes, _mm256_broadcastsi128_si256(load_16(backwards)));
        return _mm256_permute2x128_si256(turned, turned, 1);
    }
    static void store(std::uint8_t* to, __m256i bytes) noexcept {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), bytes);
    }
};

void unscaled_row(const UnscaledRow& row, const FixedPointMatrix& matrix, const UnscaledPixels& out) noexcept {
    write_unscaled_row<SixteenWords>(row, matrix, out);
}

}  // namespace

const KernelTable avx2_kernels{
    .vertical_pass_bytes = vertical_pass<EightLanes, std::uint8_t>,
    .vertical_pass_words = vertical_pass<EightLanes, std::uint16_t>,
    .horizontal_pass = horizontal_pass,
    .horizontal_pass_bytes = horizontal_pass_of_samples<EightLanes, std::uint8_t>,
    .horizontal_pass_words = horizontal_pass_of_samples<EightLanes, std::uint16_t>,
    .float_row = float_row<EightLanes>,
    .byte_row = byte_row<EightLanes>,
    .store_halves = store_halves,
    .store_bfloats = store_bfloats,
    .interleave = interleave_lines,
    .unscaled_row = unscaled_row,
};

}  // namespace kf::convert
