// The kernel table for AVX-512 (F, BW, DQ, VL). Compiled with these; called only where the processor has them.
#include "convert/kernels/x86/filter_passes.hpp"
#include "convert/kernels/x86/unscaled_row.hpp"

namespace kf::convert {
namespace {

struct SixteenLanes {
    using Floats = __m512;
    using Bytes = __m512i;
    static constexpr int count = 16;
    static __m512 load(const float* from) noexcept { return _mm512_loadu_ps(from); }
    static __m512 load(const std::uint8_t* from) noexcept { return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(load_16(from))); }
    static __m512 load(const std::uint16_t* from) noexcept {
        const __m256i words = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
        return _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(words));
    }
    static __m512 broadcast(float value) noexcept { return _mm512_set1_ps(value); }
    static __m512 add(__m512 a, __m512 b) noexcept { return _mm512_add_ps(a, b); }
    static __m512 multiply(__m512 a, __m512 b) noexcept { return _mm512_mul_ps(a, b); }
    static __m512 multiply_add(__m512 a, __m512 b, __m512 c) noexcept { return _mm512_fmadd_ps(a, b, c); }
    static __m512 max(__m512 a, __m512 b) noexcept { return _mm512_max_ps(a, b); }
    static __m512 min(__m512 a, __m512 b) noexcept { return _mm512_min_ps(a, b); }
    static void store(float* to, __m512 value) noexcept { _mm512_storeu_ps(to, value); }
    static void stream(float* to, __m512 value) noexcept { _mm512_stream_ps(to, value); }
    static void store_bytes(std::uint8_t* to, __m512 value) noexcept {
        const __m512i whole = _mm512_max_epi32(_mm512_cvttps_epi32(value), _mm512_setzero_si512());
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm512_cvtusepi32_epi8(whole));
    }

    static __m512i load_quads(const std::uint8_t* line, const std::int32_t* quad_starts) noexcept {
        const __m512i one = _mm512_castsi128_si512(load_16(line + quad_starts[0]));
        const __m512i two = _mm512_inserti32x4(one, load_16(line + quad_starts[1]), 1);
        const __m512i three = _mm512_inserti32x4(two, load_16(line + quad_starts[2]), 2);
        return _mm512_inserti32x4(three, load_16(line + quad_starts[3]), 3);
    }
    static __m512i load_shuffles(const std::uint32_t* from) noexcept { return _mm512_loadu_si512(from); }
    static __m512i add_to_shuffles(__m512i shuffles, std::uint32_t bytes) noexcept {
        return _mm512_add_epi32(shuffles, _mm512_set1_epi32(static_cast<int>(bytes)));
    }
    static __m512 sample_at(__m512i bytes, __m512i shuffles) noexcept {
        return _mm512_cvtepi32_ps(_mm512_shuffle_epi8(bytes, shuffles));
    }
    static __m512i load_block(const std::uint8_t* from) noexcept { return _mm512_broadcast_i32x4(load_16(from)); }
    /// The sums of the two bytes of each lane.
    static __m512 pair_sums(__m512i bytes, __m512i shuffles) noexcept {
        return _mm512_cvtepi32_ps(_mm512_maddubs_epi16(_mm512_shuffle_epi8(bytes, shuffles), _mm512_set1_epi8(1)));
    }
};

/// How the floats under the taps of sixteen outputs are read.
enum class Reach { one_load, two_loads, four_loads, gather };

template <Reach reach>
inline void horizontal_pass_with(const float* line, const HorizontalTaps& taps, float* out) noexcept {
    constexpr int loads = reach == Reach::one_load ? 1 : reach == Reach::two_loads ? 2 : reach == Reach::four_loads ? 4 : 0;
    for (int i = 0; i < taps.outputs; i += 16) {
        const __m512i first = _mm512_loadu_si512(taps.first + i);
        const int base = std::min(taps.first[i], taps.first[i + 15]);
        __m512i lane = _mm512_sub_epi32(first, _mm512_set1_epi32(base));
        __m512 near[4];
        for (int k = 0; k < loads; ++k) near[k] = _mm512_loadu_ps(line + base + std::ptrdiff_t{16} * k);
        const auto sample = [&](int t) {
            if constexpr (reach == Reach::gather) return _mm512_i32gather_ps(first, line + t, 4);
            if constexpr (reach == Reach::one_load) return _mm512_permutexvar_ps(lane, near[0]);
            const __m512 low = _mm512_permutex2var_ps(near[0], lane, near[1]);
            if constexpr (reach == Reach::two_loads) return low;
            const __m512 high = _mm512_permutex2var_ps(near[2], lane, near[3]);
            return _mm512_mask_mov_ps(low, _mm512_test_epi32_mask(lane, _mm512_set1_epi32(32)), high);
        };
        const float* weights = taps.weights + i;
        __m512 sum = _mm512_mul_ps(_mm512_loadu_ps(weights), sample(0));
        for (int t = 1; t < taps.taps; ++t) {
            weights += taps.stride;
            lane = _mm512_add_epi32(lane, _mm512_set1_epi32(1));
            sum = _mm512_add_ps(sum, _mm512_mul_ps(_mm512_loadu_ps(weights), sample(t)));
        }
        _mm512_storeu_ps(out + i, sum);
    }
}

/// Makes sixteen outputs at a time. Where the floats under all their taps lie in one, two or four vectors, these are loaded
/// once.
void horizontal_pass(const float* line, const HorizontalTaps& taps, float* out) noexcept {
    if (taps.span <= 16) {
        horizontal_pass_with<Reach::one_load>(line, taps, out);
    } else if (taps.span <= 32) {
        horizontal_pass_with<Reach::two_loads>(line, taps, out);
    } else if (taps.span <= 64) {
        horizontal_pass_with<Reach::four_loads>(line, taps, out);
    } else {
        horizontal_pass_with<Reach::gather>(line, taps, out);
    }
}

void store_halves(const float* line, int count, std::uint16_t* out) noexcept {
    for (int x = 0; x < count; x += 16) {
        const auto wanted = static_cast<__mmask16>(count - x < 16 ? (1U << (count - x)) - 1 : 0xFFFFU);
        const __m512 value = _mm512_maskz_loadu_ps(wanted, line + x);
        _mm256_mask_storeu_epi16(out + x, wanted, _mm512_cvtps_ph(value, _MM_FROUND_TO_NEAREST_INT));
    }
}

void store_bfloats(const float* line, int count, std::uint16_t* out) noexcept {
    for (int x = 0; x < count; x += 16) {
        const auto wanted = static_cast<__mmask16>(count - x < 16 ? (1U << (count - x)) - 1 : 0xFFFFU);
        const __m512 value = _mm512_maskz_loadu_ps(wanted, line + x);
        const __m512i bits = _mm512_castps_si512(value);
        const __m512i upper = _mm512_srli_epi32(bits, 16);
        const __m512i half = _mm512_add_epi32(_mm512_and_si512(upper, _mm512_set1_epi32(1)), _mm512_set1_epi32(0x7FFF));
        const __m512i rounded = _mm512_srli_epi32(_mm512_add_epi32(bits, half), 16);
        const __mmask16 nan = _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q);
        const __m512i all = _mm512_mask_or_epi32(rounded, nan, upper, _mm512_set1_epi32(0x40));
        _mm256_mask_storeu_epi16(out + x, wanted, _mm512_cvtepi32_epi16(all));
    }
}

/// 16-bit integers for the unscaled row.
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
    static __m512i reversed(__m512i bytes) noexcept {
        const __m512i turned = _mm512_shuffle_epi8(bytes, _mm512_broadcast_i32x4(load_16(backwards)));
        return _mm512_shuffle_i64x2(turned, turned, _MM_SHUFFLE(0, 1, 2, 3));
    }
    static void store(std::uint8_t* to, __m512i bytes) noexcept { _mm512_storeu_si512(to, bytes); }
};

void unscaled_row(const UnscaledRow& row, const FixedPointMatrix& matrix, const UnscaledPixels& out) noexcept {
    write_unscaled_row<ThirtyTwoWords>(row, matrix, out);
}

}  // namespace

const KernelTable avx512_kernels{
    .vertical_pass_bytes = vertical_pass<SixteenLanes, std::uint8_t>,
    .vertical_pass_words = vertical_pass<SixteenLanes, std::uint16_t>,
    .horizontal_pass = horizontal_pass,
    .horizontal_pass_bytes = horizontal_pass_of_samples<SixteenLanes, std::uint8_t>,
    .horizontal_pass_words = horizontal_pass_of_samples<SixteenLanes, std::uint16_t>,
    .float_row = float_row<SixteenLanes>,
    .byte_row = byte_row<SixteenLanes>,
    .store_halves = store_halves,
    .store_bfloats = store_bfloats,
    .interleave = interleave_lines,
    .unscaled_row = unscaled_row,
};

}  // namespace kf::convert
