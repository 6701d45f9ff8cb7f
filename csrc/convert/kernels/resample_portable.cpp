#include "convert/kernels/half_float.hpp"
#include "convert/kernels/resample_body.hpp"

namespace kf {
namespace {

void pick(const float* line, const PickTable& table, float* out) noexcept {
    for (std::size_t i = 0; i < static_cast<std::size_t>(table.outputs); ++i) {
        const float* samples = line + table.first[i];
        const float* weight = table.weights + i;
        float sum = *weight * samples[0];
        for (int t = 1; t < table.taps; ++t) sum += *(weight += table.stride) * samples[t];
        out[i] = sum;
    }
}

void pick_pair(const float* line, const float* other, const PickTable& table, float* out, float* other_out) noexcept {
    pick(line, table, out);
    pick(other, table, other_out);
}

void interleave_lines(const std::uint8_t* first, const std::uint8_t* second, const std::uint8_t* third, int count,
                      std::uint8_t* out) noexcept {
    for (int x = 0; x < count; ++x, out += 3) {
        out[0] = first[x];
        out[1] = second[x];
        out[2] = third[x];
    }
}

void store_halves(const float* line, int count, float scale, float bias, std::uint16_t* out) noexcept {
    for (int x = 0; x < count; ++x) out[x] = to_half(line[x] * scale + bias);
}

}  // namespace

const ResampleKernels resample_kernels_portable{
    blend<std::uint8_t>,      blend<std::uint16_t>, pick,      pick_pair,    rgb_lines,       rgb_floats<float>,
    rgb_floats<std::uint8_t>, level_line,           byte_line, store_halves, interleave_lines};

}  // namespace kf
