#include "convert/horizontal_filter.hpp"

#include <algorithm>
#include <cstdlib>

namespace kf::convert {
namespace {

/// Returns false where four outputs cannot be made from quad_bytes: the line is too short, or it shrinks too much.
bool make_quads(HorizontalFilter& filter, int sample_bytes) {
    const int samples = quad_bytes / sample_bytes;
    if (filter.columns < samples) return false;
    filter.quad_starts.resize(filter.taps.stride / 4);
    filter.shuffles.resize(filter.taps.stride);
    for (std::size_t i = 0; i < filter.taps.stride; i += 4) {
        const auto [least, most] = std::minmax(filter.first[i], filter.first[i + 3]);
        const int begin = std::min(least, filter.columns - samples);
        if (most + filter.taps.taps > begin + samples) return false;
        filter.quad_starts[i / 4] = begin * sample_bytes;
        for (std::size_t k = i; k < i + 4; ++k) {
            const auto source_byte = static_cast<std::uint32_t>((filter.first[k] - begin) * sample_bytes);
            // pshufb writes zero for a control byte of 0x80 or more.
            filter.shuffles[k] =
                sample_bytes == 1 ? 0x80808000U | source_byte : 0x80800000U | (source_byte + 1) << 8 | source_byte;
        }
    }
    return true;
}

}  // namespace

HorizontalFilter make_horizontal_filter(const FilterTable& table, bool flip, int sample_bytes) {
    const std::size_t outputs = table.first.size();
    const auto taps = static_cast<std::size_t>(table.taps);
    const std::size_t stride = padded_outputs(table.first.size());
    HorizontalFilter filter;
    filter.low = table.low;
    filter.columns = table.high - table.low;
    filter.first.resize(stride);
    filter.weights.resize(stride * taps);
    filter.is_identity = taps == 1;
    for (std::size_t i = 0; i < stride; ++i) {
        const std::size_t output = std::min(i, outputs - 1);
        const std::size_t from = flip ? outputs - 1 - output : output;
        filter.first[i] = table.first[from] - table.low;
        if (i != output) continue;
        for (std::size_t t = 0; t < taps; ++t) filter.weights[t * stride + i] = table.weights[from * taps + t];
        filter.is_identity = filter.is_identity && filter.first[i] == static_cast<std::int32_t>(i);
    }
    int span = 0;
    for (std::size_t i = 0; i < stride; i += 16)
        span = std::max(span, std::abs(filter.first[i + 15] - filter.first[i]) + table.taps);
    filter.taps = {
        filter.first.data(), filter.weights.data(), table.taps, static_cast<int>(outputs), span, stride, nullptr, nullptr};
    if (make_quads(filter, sample_bytes)) {
        filter.taps.quad_starts = filter.quad_starts.data();
        filter.taps.shuffles = filter.shuffles.data();
    }
    return filter;
}

}  // namespace kf::convert
