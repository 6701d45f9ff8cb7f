// The loops of Resampler and RowWriter, one set for each instruction set, chosen at run time. Bytes that the sets make agree
// to the bit: the same operations in the same order, nothing contracted. Floats that go out may differ in the last place.
// Pure, any thread, allocate nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "convert/pixel_request.hpp"

namespace kf::convert {

/// Lines of floats that `pick` reads may be read this many floats past their end.
constexpr std::size_t line_padding = 64;

/// Bytes that hold all samples of four neighbouring outputs, for `pick_bytes` and `pick_words`.
constexpr int quad_bytes = 16;

/// Lines of outputs have room for whole vectors.
[[nodiscard]] constexpr std::size_t padded_outputs(std::size_t count) noexcept {
    return (count + 15) / 16 * 16;
}

/// Which samples of a line make each output: output i is the sum over t of weights[t * stride + i] * line[first[i] + t].
struct PickTable {
    const std::int32_t* first = nullptr;  ///< ascending or descending; padded with its last value to `stride`
    const float* weights = nullptr;
    int taps = 0;
    int outputs = 0;
    int span = 0;  ///< samples that all taps of any sixteen neighbouring outputs (from a multiple of 16) lie within
    std::size_t stride = 0;  ///< padded_outputs

    // For lines of samples, of every four outputs: where their quad_bytes begin, and for each output the place of its first
    // sample's bytes among them, as shuffles take it. Null where four outputs need more bytes.
    const std::int32_t* quads = nullptr;
    const std::uint32_t* places = nullptr;
};

/// Samples as they lie in their plane, and where what is picked of them goes.
struct SampleLine {
    const std::uint8_t* samples;
    float* out;
};

/// A line between two, which may be the same one: first * first_weight + second * second_weight.
struct LinePair {
    const float* first = nullptr;
    const float* second = nullptr;
    float first_weight = 1;
    float second_weight = 0;
};

/// What a row of the output is made of: a line of each plane.
struct PlaneLines {
    const std::uint8_t* luma_bytes = nullptr;  ///< where given, the first line as it lies in its plane
    std::array<LinePair, 3> planes;
};

/// One colour of a row: y * Y + u * U + v * V + constant. Matrix, range and normalisation are one.
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

struct ResampleKernels {
    /// out[x] = sum over t of weights[t] * rows[t][x]; rows hold bytes or, for blend_words, native uint16.
    void (*blend_bytes)(const std::uint8_t* const* rows, const float* weights, int taps, int count, float* out) noexcept;
    void (*blend_words)(const std::uint8_t* const* rows, const float* weights, int taps, int count, float* out) noexcept;
    /// Outputs up to the table's stride are written.
    void (*pick)(const float* line, const PickTable& table, float* out) noexcept;
    /// The same of lines of samples; only with a table that has `quads`.
    void (*pick_bytes)(const SampleLine* lines, int count, const PickTable& table) noexcept;
    void (*pick_words)(const SampleLine* lines, int count, const PickTable& table) noexcept;
    /// past_cache: may be written without being read into the cache first.
    void (*float_row)(const PlaneLines& lines, int count, const ColorMixes& mixes, const ColorLines<float>& out,
                      bool past_cache) noexcept;
    /// Truncated and saturated.
    void (*byte_row)(const PlaneLines& lines, int count, const ColorMixes& mixes,
                     const ColorLines<std::uint8_t>& out) noexcept;
    /// As IEEE 754 binary16, ties to even.
    void (*store_halves)(const float* line, int count, std::uint16_t* out) noexcept;
    /// Three planar lines to packed pixels.
    void (*interleave)(const std::uint8_t* first, const std::uint8_t* second, const std::uint8_t* third, int count,
                       std::uint8_t* out) noexcept;
};

/// Whether this processor, and this build, has the set.
[[nodiscard]] bool has_kernels(KernelSet set) noexcept;

/// The set asked for, or the best one for this processor.
[[nodiscard]] const ResampleKernels& resample_kernels(KernelSet set) noexcept;

extern const ResampleKernels resample_kernels_portable;
#ifdef KF_X86_KERNELS
extern const ResampleKernels resample_kernels_avx2;
extern const ResampleKernels resample_kernels_avx512;
#endif

}  // namespace kf::convert
