#include "convert/across_table.hpp"

#include <algorithm>
#include <cstdlib>

namespace kf::convert {
namespace {

/// False where a row is too short, or shrinks too much, for four outputs to come from quad_bytes.
bool make_quads(AcrossTable& across, int sample_bytes) {
    const int samples = quad_bytes / sample_bytes;
    if (across.columns < samples) return false;
    across.quads.resize(across.kernel.stride / 4);
    across.places.resize(across.kernel.stride);
    for (std::size_t i = 0; i < across.kernel.stride; i += 4) {
        const auto [least, most] = std::minmax(across.first[i], across.first[i + 3]);
        const int begin = std::min(least, across.columns - samples);
        if (most + across.kernel.taps > begin + samples) return false;
        across.quads[i / 4] = begin * sample_bytes;
        for (std::size_t k = i; k < i + 4; ++k) {
            const auto place = static_cast<std::uint32_t>((across.first[k] - begin) * sample_bytes);
            // A byte of 0x80 and more stands for zero.
            across.places[k] = sample_bytes == 1 ? 0x80808000U | place : 0x80800000U | (place + 1) << 8 | place;
        }
    }
    return true;
}

}  // namespace

AcrossTable make_across_table(const FilterTable& table, bool flip, int sample_bytes) {
    const std::size_t outputs = table.first.size();
    const auto taps = static_cast<std::size_t>(table.taps);
    const std::size_t stride = padded_outputs(table.first.size());
    AcrossTable across;
    across.low = table.low;
    across.columns = table.high - table.low;
    across.first.resize(stride);
    across.weights.resize(stride * taps);
    across.straight = taps == 1;
    for (std::size_t i = 0; i < stride; ++i) {
        const std::size_t output = std::min(i, outputs - 1);
        const std::size_t from = flip ? outputs - 1 - output : output;
        across.first[i] = table.first[from] - table.low;
        if (i != output) continue;
        for (std::size_t t = 0; t < taps; ++t) across.weights[t * stride + i] = table.weights[from * taps + t];
        across.straight = across.straight && across.first[i] == static_cast<std::int32_t>(i);
    }
    int span = 0;
    for (std::size_t i = 0; i < stride; i += 16)
        span = std::max(span, std::abs(across.first[i + 15] - across.first[i]) + table.taps);
    across.kernel = {
        across.first.data(), across.weights.data(), table.taps, static_cast<int>(outputs), span, stride, nullptr, nullptr};
    if (make_quads(across, sample_bytes)) {
        across.kernel.quads = across.quads.data();
        across.kernel.places = across.places.data();
    }
    return across;
}

}  // namespace kf::convert
