// The inner loops of the conversion as tables of functions: one table per instruction set, compiled for that set and chosen
// at run time. Owns nothing; any thread may call the functions; they never allocate and never fail.
//
// All tables write the same bytes to the bit: each performs the same operations in the same order, and none contracts a
// product and a sum on the way to bytes. Floats that are written to the target may differ in the last place between tables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "convert/pixel_request.hpp"

namespace kf::convert {

/// `horizontal_pass` may read this many floats past the end of its line.
constexpr std::size_t line_padding = 64;

/// `horizontal_pass_bytes` and `horizontal_pass_words` read the samples of four neighbouring outputs as this many bytes.
constexpr int quad_bytes = 16;

/// Lines of outputs have room for whole vectors.
[[nodiscard]] constexpr std::size_t padded_outputs(std::size_t count) noexcept {
    return (count + 15) / 16 * 16;
}

/// Outputs that lie half a sample apart, as the chroma of an unscaled 4:2:0 picture does. Output i lies at position begin +
/// i, counted in halves of a sample; mirrored, the last output lies at `begin`. At an even position is a sample, at an odd
/// one the mean of its two neighbours; the last sample is its own neighbour.
struct Doubling {
    int begin = 0;  ///< 0 or 1
    int last = -1;  ///< the last sample; -1: the outputs lie otherwise
    bool mirrored = false;
    const std::int32_t* starts = nullptr;  ///< for every sixteen outputs, the first of quad_bytes that hold their samples
    const std::uint32_t* shuffles =
        nullptr;  ///< for each output, pshufb's control bytes of its two samples and of two zeros
};

/// Which samples of a line make each output: output i is the sum over t of weights[t * stride + i] * line[first[i] + t].
struct HorizontalTaps {
    const std::int32_t* first = nullptr;  ///< ascending or descending; padded with its last value to `stride`
    const float* weights = nullptr;
    int taps = 0;
    int outputs = 0;
    int span = 0;  ///< the most samples that the taps of sixteen neighbouring outputs, from a multiple of 16, cover
    std::size_t stride = 0;  ///< padded_outputs(outputs)

    // How the samples of four neighbouring outputs (a quad) are found in quad_bytes of a line of samples: the byte at which
    // those bytes begin, and for each output the shuffle that selects the bytes of its first sample (pshufb's control bytes
    // of one 32-bit lane). Both are null where the samples of a quad need more bytes.
    const std::int32_t* quad_starts = nullptr;
    const std::uint32_t* shuffles = nullptr;

    Doubling doubling;  ///< of bytes only; where it applies, it says the same as the weights
};

/// A line of samples as it lies in its plane, and where its outputs go.
struct SampleLine {
    const std::uint8_t* samples;
    float* out;
};

/// The weighted sum of two lines, which may be the same line: first * first_weight + second * second_weight.
struct LinePair {
    const float* first = nullptr;
    const float* second = nullptr;
    float first_weight = 1;
    float second_weight = 0;
};

/// What one output row is made of: a line of each plane.
struct PlaneLines {
    const std::uint8_t* luma_bytes = nullptr;  ///< if not null, the first line as it lies in its plane
    std::array<LinePair, 3> planes;
};

/// One colour of a row: y * Y + u * U + v * V + constant, with the matrix, the range and the normalisation in the factors.
struct ColorMix {
    float y;
    float u;
    float v;
    float constant;
    float low;  ///< bounds of floats
    float high;
};

struct ColorMixes {
    ColorMix red;  ///< its u is 0
    ColorMix green;
    ColorMix blue;  ///< its v is 0
};

/// Where red, green and blue go.
template <class Value>
using ColorLines = std::array<Value*, 3>;

/// One luma row of an unscaled 8-bit 4:2:0 picture, and the two rows of each chroma plane around it. The near chroma row
/// weighs three times the far one.
struct UnscaledRow {
    const std::uint8_t* luma = nullptr;
    const std::uint8_t* u_near = nullptr;
    const std::uint8_t* u_far = nullptr;
    const std::uint8_t* v_near = nullptr;
    const std::uint8_t* v_far = nullptr;
    int width = 0;
    bool begins_odd =
        false;  ///< the first luma sample lies between the first and the second chroma sample, not on the first
};

/// Where the pixels of an unscaled row go: packed (a channel stride of 1) or in one line per channel, from left to right or,
/// with a negative pixel stride, from right to left.
struct UnscaledPixels {
    std::uint8_t* data;
    std::ptrdiff_t pixel_stride;
    std::ptrdiff_t channel_stride;
    bool bgr;

    [[nodiscard]] bool packed() const noexcept { return channel_stride == 1; }
    [[nodiscard]] bool mirrored() const noexcept { return pixel_stride < 0; }
    [[nodiscard]] std::uint8_t* at(std::ptrdiff_t x) const noexcept { return data + x * pixel_stride; }
};

/// Factors of 16-bit products of which the upper half is kept, rounded. unscaled_rgb.cpp says how they are scaled.
struct FixedPointMatrix {
    std::int16_t luma_offset;
    std::int16_t luma;
    std::int16_t red_v;
    std::int16_t green_u;
    std::int16_t green_v;
    std::int16_t blue_u;
};

struct KernelTable {
    /// out[x] = sum over t of weights[t] * rows[t][x]; rows hold bytes or, for words, native uint16.
    void (*vertical_pass_bytes)(const std::uint8_t* const* rows, const float* weights, int taps, int count,
                                float* out) noexcept;
    void (*vertical_pass_words)(const std::uint8_t* const* rows, const float* weights, int taps, int count,
                                float* out) noexcept;
    /// Applies the taps to a line of floats. Writes up to the stride of the taps.
    void (*horizontal_pass)(const float* line, const HorizontalTaps& taps, float* out) noexcept;
    /// Applies the taps to `count` lines of samples. The taps must have quads.
    void (*horizontal_pass_bytes)(const SampleLine* lines, int count, const HorizontalTaps& taps) noexcept;
    void (*horizontal_pass_words)(const SampleLine* lines, int count, const HorizontalTaps& taps) noexcept;
    /// Colours clamped to the bounds of their mix. With non_temporal, stores may bypass the caches.
    void (*float_row)(const PlaneLines& lines, int count, const ColorMixes& mixes, const ColorLines<float>& out,
                      bool non_temporal) noexcept;
    /// Colours truncated to integers and clamped to 0..255.
    void (*byte_row)(const PlaneLines& lines, int count, const ColorMixes& mixes,
                     const ColorLines<std::uint8_t>& out) noexcept;
    /// Floats as IEEE 754 binary16, ties to even.
    void (*store_halves)(const float* line, int count, std::uint16_t* out) noexcept;
    /// Floats as bfloat16, ties to even.
    void (*store_bfloats)(const float* line, int count, std::uint16_t* out) noexcept;
    /// Three lines of bytes as packed pixels.
    void (*interleave)(const std::uint8_t* first, const std::uint8_t* second, const std::uint8_t* third, int count,
                       std::uint8_t* out) noexcept;
    /// One row of an unscaled picture as 8-bit RGB or BGR, in fixed point.
    void (*unscaled_row)(const UnscaledRow& row, const FixedPointMatrix& matrix, const UnscaledPixels& out) noexcept;
};

/// Whether this build has the set and this processor can run it.
[[nodiscard]] bool has_kernels(KernelSet set) noexcept;

/// The table of the set, or of the best set for this processor where the set is `best` or missing.
[[nodiscard]] const KernelTable& kernel_table(KernelSet set) noexcept;

extern const KernelTable portable_kernels;
#ifdef KF_X86_KERNELS
extern const KernelTable avx2_kernels;
extern const KernelTable avx512_kernels;
#endif

}  // namespace kf::convert
