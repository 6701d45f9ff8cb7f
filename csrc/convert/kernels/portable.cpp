// The kernel table for every processor: plain loops, and vectors of four floats for which the compiler finds instructions.
#include <cstring>

#include "convert/kernels/color_rows.hpp"
#include "convert/kernels/short_floats.hpp"
#include "convert/kernels/unscaled_pixels.hpp"

namespace kf::convert {
namespace {

using Four = float __attribute__((vector_size(16)));
using FourInts = std::int32_t __attribute__((vector_size(16)));
using FourBytes = std::uint8_t __attribute__((vector_size(4)));

struct FourLanes {
    static constexpr int count = 4;
    static Four load(const float* from) noexcept { return read<Four>(from); }
    static Four load(const std::uint8_t* from) noexcept { return __builtin_convertvector(read<FourBytes>(from), Four); }
    static Four broadcast(float value) noexcept { return Four{value, value, value, value}; }
    static Four add(Four a, Four b) noexcept { return a + b; }
    static Four multiply(Four a, Four b) noexcept { return a * b; }
    static Four multiply_add(Four a, Four b, Four c) noexcept { return a * b + c; }
    static Four max(Four a, Four b) noexcept { return a > b ? a : b; }
    static Four min(Four a, Four b) noexcept { return a < b ? a : b; }
    static void store(float* to, Four value) noexcept { std::memcpy(to, &value, sizeof value); }
    static void stream(float* to, Four value) noexcept { store(to, value); }
    static void store_bytes(std::uint8_t* to, Four value) noexcept {
        const auto bytes = __builtin_convertvector(min(max(value, broadcast(0.0F)), broadcast(255.0F)), FourInts);
        for (int lane = 0; lane < count; ++lane) to[lane] = static_cast<std::uint8_t>(bytes[lane]);
    }

private:
    template <class Value>
    static Value read(const void* from) noexcept {
        Value value;
        std::memcpy(&value, from, sizeof value);
        return value;
    }
};

template <class Sample>
void vertical_pass(const std::uint8_t* const* rows, const float* weights, int taps, int count,
                   float* __restrict line) noexcept {
    const auto row = [rows](int t) { return reinterpret_cast<const Sample*>(rows[t]); };
    const Sample* __restrict const first = row(0);
    if (taps == 1) {
        for (int x = 0; x < count; ++x) line[x] = weights[0] * static_cast<float>(first[x]);
        return;
    }
    const Sample* __restrict const second = row(1);
    const float w0 = weights[0];
    const float w1 = weights[1];
    for (int x = 0; x < count; ++x) line[x] = w0 * static_cast<float>(first[x]) + w1 * static_cast<float>(second[x]);
    int t = 2;
    for (; t + 1 < taps; t += 2) {
        const Sample* __restrict const a = row(t);
        const Sample* __restrict const b = row(t + 1);
        const float wa = weights[t];
        const float wb = weights[t + 1];
        for (int x = 0; x < count; ++x) line[x] = (line[x] + wa * static_cast<float>(a[x])) + wb * static_cast<float>(b[x]);
    }
    if (t == taps) return;
    const Sample* __restrict const last = row(t);
    for (int x = 0; x < count; ++x) line[x] += weights[t] * static_cast<float>(last[x]);
}

template <class Sample>
void horizontal_pass(const Sample* line, const HorizontalTaps& taps, float* out) noexcept {
    for (std::size_t i = 0; i < static_cast<std::size_t>(taps.outputs); ++i) {
        const Sample* samples = line + taps.first[i];
        const float* weight = taps.weights + i;
        float sum = *weight * static_cast<float>(samples[0]);
        for (int t = 1; t < taps.taps; ++t) sum += *(weight += taps.stride) * static_cast<float>(samples[t]);
        out[i] = sum;
    }
}

/// Step is 1, or -1 where outputs are mirrored; then `out` is the last one.
template <int Step>
void double_line(const std::uint8_t* __restrict samples, const Doubling& doubling, std::ptrdiff_t outputs,
                 float* __restrict out) noexcept {
    const auto mean = [&](std::ptrdiff_t k, std::ptrdiff_t next) {
        return 0.5F * static_cast<float>(samples[k] + samples[next]);
    };
    const std::ptrdiff_t last = doubling.last;
    if (doubling.begin == 1) {
        *out = mean(0, std::min<std::ptrdiff_t>(1, last));
        out += Step;
        samples += 1;
    }
    const std::ptrdiff_t left = outputs - doubling.begin;
    const std::ptrdiff_t end = last - doubling.begin;  // from here, the sample that is the last
    const std::ptrdiff_t pairs = std::min(left / 2, end);
    for (std::ptrdiff_t k = 0; k < pairs; ++k) {
        out[2 * k * Step] = static_cast<float>(samples[k]);
        out[(2 * k + 1) * Step] = mean(k, k + 1);
    }
    for (std::ptrdiff_t i = 2 * std::max<std::ptrdiff_t>(pairs, 0); i < left; ++i) {
        const std::ptrdiff_t k = i / 2;
        out[i * Step] = static_cast<float>(samples[k]);
    }
}

template <class Sample>
void horizontal_pass_of_samples(const SampleLine* lines, int count, const HorizontalTaps& taps) noexcept {
    if (sizeof(Sample) == 1 && taps.doubling.last >= 0) {
        for (int n = 0; n < count; ++n) {
            if (taps.doubling.mirrored) {
                double_line<-1>(lines[n].samples, taps.doubling, taps.outputs, lines[n].out + taps.outputs - 1);
            } else {
                double_line<1>(lines[n].samples, taps.doubling, taps.outputs, lines[n].out);
            }
        }
        return;
    }
    for (int n = 0; n < count; ++n) horizontal_pass(reinterpret_cast<const Sample*>(lines[n].samples), taps, lines[n].out);
}

void interleave_lines(const std::uint8_t* first, const std::uint8_t* second, const std::uint8_t* third, int count,
                      std::uint8_t* out) noexcept {
    for (int x = 0; x < count; ++x, out += 3) {
        out[0] = first[x];
        out[1] = second[x];
        out[2] = third[x];
    }
}

void store_halves(const float* line, int count, std::uint16_t* out) noexcept {
    for (int x = 0; x < count; ++x) out[x] = to_half(line[x]);
}

void store_bfloats(const float* line, int count, std::uint16_t* out) noexcept {
    for (int x = 0; x < count; ++x) out[x] = to_bfloat(line[x]);
}

void unscaled_row(const UnscaledRow& row, const FixedPointMatrix& matrix, const UnscaledPixels& out) noexcept {
    if (row.begins_odd) {
        const auto [rest, rest_out] = write_odd_pixel(row, matrix, out);
        return write_unscaled_pixels(rest, matrix, rest_out, 0);
    }
    write_unscaled_pixels(row, matrix, out, 0);
}

}  // namespace

const KernelTable portable_kernels{
    .vertical_pass_bytes = vertical_pass<std::uint8_t>,
    .vertical_pass_words = vertical_pass<std::uint16_t>,
    .horizontal_pass = horizontal_pass<float>,
    .horizontal_pass_bytes = horizontal_pass_of_samples<std::uint8_t>,
    .horizontal_pass_words = horizontal_pass_of_samples<std::uint16_t>,
    .float_row = float_row<FourLanes>,
    .byte_row = byte_row<FourLanes>,
    .store_halves = store_halves,
    .store_bfloats = store_bfloats,
    .interleave = interleave_lines,
    .unscaled_row = unscaled_row,
};

}  // namespace kf::convert
