// The set for every processor: plain loops, and vectors of four floats that the compiler makes of what there is.
#include <cstring>

#include "convert/kernels/half_float.hpp"
#include "convert/kernels/resample_body.hpp"

namespace kf::convert {
namespace {

using Four = float __attribute__((vector_size(16)));
using FourInts = std::int32_t __attribute__((vector_size(16)));
using FourBytes = std::uint8_t __attribute__((vector_size(4)));

struct FourLanes {
    static constexpr int count = 4;
    static Four load(const float* from) noexcept { return read<Four>(from); }
    static Four load(const std::uint8_t* from) noexcept { return __builtin_convertvector(read<FourBytes>(from), Four); }
    static Four all(float value) noexcept { return Four{value, value, value, value}; }
    static Four add(Four a, Four b) noexcept { return a + b; }
    static Four multiply(Four a, Four b) noexcept { return a * b; }
    static Four multiply_add(Four a, Four b, Four c) noexcept { return a * b + c; }
    static Four larger(Four a, Four b) noexcept { return a > b ? a : b; }
    static Four smaller(Four a, Four b) noexcept { return a < b ? a : b; }
    static void store(float* to, Four value) noexcept { std::memcpy(to, &value, sizeof value); }
    static void stream(float* to, Four value) noexcept { store(to, value); }
    static void store_bytes(std::uint8_t* to, Four value) noexcept {
        const auto bytes = __builtin_convertvector(smaller(larger(value, all(0.0F)), all(255.0F)), FourInts);
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
void blend(const std::uint8_t* const* rows, const float* weights, int taps, int count, float* __restrict line) noexcept {
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
void pick_line(const Sample* line, const PickTable& table, float* out) noexcept {
    for (std::size_t i = 0; i < static_cast<std::size_t>(table.outputs); ++i) {
        const Sample* samples = line + table.first[i];
        const float* weight = table.weights + i;
        float sum = *weight * static_cast<float>(samples[0]);
        for (int t = 1; t < table.taps; ++t) sum += *(weight += table.stride) * static_cast<float>(samples[t]);
        out[i] = sum;
    }
}

template <class Sample>
void pick_samples(const SampleLine* lines, int count, const PickTable& table) noexcept {
    for (int n = 0; n < count; ++n) pick_line(reinterpret_cast<const Sample*>(lines[n].samples), table, lines[n].out);
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

}  // namespace

const ResampleKernels resample_kernels_portable{blend<std::uint8_t>,
                                                blend<std::uint16_t>,
                                                pick_line<float>,
                                                pick_samples<std::uint8_t>,
                                                pick_samples<std::uint16_t>,
                                                float_row<FourLanes>,
                                                byte_row<FourLanes>,
                                                store_halves,
                                                interleave_lines};

}  // namespace kf::convert
