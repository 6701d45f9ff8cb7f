// The loops that every set of resample kernels shares: plain, so that the compiler vectorises them for the instruction set
// that it is given. Each set includes this once; internal linkage keeps the sets apart.
#pragma once

#include <algorithm>

#include "convert/kernels/resample_kernels.hpp"

namespace kf {
namespace {

template <class Sample>
void blend_range(const std::uint8_t* const* rows, const float* weights, int taps, int begin, int count,
                 float* __restrict line) noexcept {
    const auto row = [rows, begin](int t) { return reinterpret_cast<const Sample*>(rows[t]) + begin; };
    float* __restrict const out = line + begin;
    const Sample* __restrict const first = row(0);
    if (taps == 1) {
        for (int x = 0; x < count; ++x) out[x] = weights[0] * static_cast<float>(first[x]);
        return;
    }
    const Sample* __restrict const second = row(1);
    const float w0 = weights[0];
    const float w1 = weights[1];
    for (int x = 0; x < count; ++x) out[x] = w0 * static_cast<float>(first[x]) + w1 * static_cast<float>(second[x]);
    int t = 2;
    for (; t + 1 < taps; t += 2) {
        const Sample* __restrict const a = row(t);
        const Sample* __restrict const b = row(t + 1);
        const float wa = weights[t];
        const float wb = weights[t + 1];
        for (int x = 0; x < count; ++x) out[x] = (out[x] + wa * static_cast<float>(a[x])) + wb * static_cast<float>(b[x]);
    }
    if (t == taps) return;
    const Sample* __restrict const last = row(t);
    for (int x = 0; x < count; ++x) out[x] += weights[t] * static_cast<float>(last[x]);
}

/// In blocks of sixteen, so that no sample is left for one at a time: the last block lies over the one before it and gives
/// the same sums again.
template <class Sample>
void blend(const std::uint8_t* const* rows, const float* weights, int taps, int count, float* line) noexcept {
    constexpr int block = 16;
    const int whole = count < block ? count : count / block * block;
    blend_range<Sample>(rows, weights, taps, 0, whole, line);
    if (whole != count) blend_range<Sample>(rows, weights, taps, count - block, block, line);
}

inline float clamp_level(float value) noexcept {
    return std::min(std::max(value, 0.0F), 255.0F);
}

inline void rgb_lines(float* __restrict y, float* __restrict u, float* __restrict v, int count,
                      const MatrixFactors& factors) noexcept {
    const MatrixFactors f = factors;
    for (int x = 0; x < count; ++x) {
        const float luma = (y[x] - f.luma_offset) * f.luma_scale;
        const float cb = u[x] - f.chroma_offset;
        const float cr = v[x] - f.chroma_offset;
        y[x] = clamp_level(luma + f.red_v * cr);
        u[x] = clamp_level(luma + f.green_u * cb + f.green_v * cr);
        v[x] = clamp_level(luma + f.blue_u * cb);
    }
}

/// a * b + c, contracted where the instruction set can: floats need not agree to the bit, bytes must.
inline float multiply_add(float a, float b, float c) noexcept {
#ifdef __FMA__
    return __builtin_fmaf(a, b, c);
#else
    return a * b + c;
#endif
}

inline float within(float value, const FloatChannel& channel) noexcept {
    return std::min(std::max(value, channel.low), channel.high);
}

template <class Luma>
void rgb_floats(const Luma* __restrict y, const float* __restrict u, const float* __restrict v, int count,
                const FloatRow& row) noexcept {
    const FloatChannel r = row.red;
    const FloatChannel g = row.green;
    const FloatChannel b = row.blue;
    float* __restrict const red = r.out;
    float* __restrict const green = g.out;
    float* __restrict const blue = b.out;
    for (int x = 0; x < count; ++x) {
        const auto luma = static_cast<float>(y[x]);
        red[x] = within(multiply_add(luma, r.y, multiply_add(v[x], r.v, r.constant)), r);
        green[x] = within(multiply_add(luma, g.y, multiply_add(u[x], g.u, multiply_add(v[x], g.v, g.constant))), g);
        blue[x] = within(multiply_add(luma, b.y, multiply_add(u[x], b.u, b.constant)), b);
    }
}

/// Whether a row is to be written past the cache and can be: in whole vectors that are aligned.
[[maybe_unused]] inline bool can_stream(const FloatRow& row, int count, std::size_t vector_bytes) noexcept {
    const auto addresses = reinterpret_cast<std::uintptr_t>(row.red.out) | reinterpret_cast<std::uintptr_t>(row.green.out) |
                           reinterpret_cast<std::uintptr_t>(row.blue.out);
    return row.past_cache && addresses % vector_bytes == 0 &&
           static_cast<std::size_t>(count) * sizeof(float) % vector_bytes == 0;
}

inline void level_line(float* __restrict line, int count, float offset, float scale) noexcept {
    for (int x = 0; x < count; ++x) line[x] = clamp_level((line[x] - offset) * scale);
}

inline void byte_line(const float* __restrict line, int count, std::uint8_t* __restrict out) noexcept {
    for (int x = 0; x < count; ++x) out[x] = static_cast<std::uint8_t>(static_cast<std::int32_t>(line[x] + 0.5F));
}

}  // namespace
}  // namespace kf
