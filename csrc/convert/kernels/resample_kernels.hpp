// The loops of Resampler over lines of float32, one set for each instruction set, chosen at run time. Bytes that the sets
// make agree to the bit: the same operations in the same order, nothing contracted. Floats that go out may differ in the
// last place. Pure, any thread, allocate nothing.
#pragma once

#include <cstddef>
#include <cstdint>

#include "convert/pixel_request.hpp"

namespace kf {

/// Lines that kernels read may be read this many floats past their end.
constexpr std::size_t line_padding = 48;

/// Which samples of a line make each output: output i is the sum over t of weights[t * stride + i] * line[first[i] + t].
struct PickTable {
    const std::int32_t* first = nullptr;  ///< ascending or descending; padded with its last value to `stride`
    const float* weights = nullptr;
    int taps = 0;
    int outputs = 0;
    int span = 0;  ///< samples that all taps of any sixteen neighbouring outputs (from a multiple of 16) lie within
    std::size_t stride = 0;  ///< outputs, rounded up to 16
};

/// Factors of ColorMatrix in float32.
struct MatrixFactors {
    float luma_scale;
    float luma_offset;
    float chroma_offset;
    float red_v;
    float green_u;
    float green_v;
    float blue_u;
};

/// A row of floats: each channel is y * Y + u * U + v * V + constant, within [low, high]. Matrix, range and normalisation
/// are one.
struct FloatChannel {
    float* out;
    float y;
    float u;
    float v;
    float constant;
    float low;
    float high;
};

struct FloatRow {
    FloatChannel red;  ///< its u is 0
    FloatChannel green;
    FloatChannel blue;  ///< its v is 0
    bool past_cache;    ///< may be written without being read into the cache first
};

struct ResampleKernels {
    /// out[x] = sum over t of weights[t] * rows[t][x]; rows hold bytes or, for blend_words, native uint16.
    void (*blend_bytes)(const std::uint8_t* const* rows, const float* weights, int taps, int count, float* out) noexcept;
    void (*blend_words)(const std::uint8_t* const* rows, const float* weights, int taps, int count, float* out) noexcept;
    void (*pick)(const float* line, const PickTable& table, float* out) noexcept;
    /// The same of two lines: chroma comes in pairs.
    void (*pick_pair)(const float* line, const float* other, const PickTable& table, float* out, float* other_out) noexcept;
    /// In place: Y, U, V become red, green, blue, clamped to 0..255.
    void (*to_rgb)(float* y, float* u, float* v, int count, const MatrixFactors& factors) noexcept;
    void (*to_float_row)(const float* y, const float* u, const float* v, int count, const FloatRow& row) noexcept;
    /// The same with luma as it lies in the plane.
    void (*bytes_to_float_row)(const std::uint8_t* y, const float* u, const float* v, int count,
                               const FloatRow& row) noexcept;
    /// In place: (value - offset) * scale, clamped to 0..255.
    void (*to_level)(float* line, int count, float offset, float scale) noexcept;
    /// Rounded half up. `out` is planar.
    void (*store_bytes)(const float* line, int count, std::uint8_t* out) noexcept;
    /// value * scale + bias as IEEE 754 binary16, ties to even. `out` is planar.
    void (*store_halves)(const float* line, int count, float scale, float bias, std::uint16_t* out) noexcept;
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

}  // namespace kf
