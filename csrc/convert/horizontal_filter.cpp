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

/// The two samples of an output, which may be the same sample.
struct Neighbours {
    int first;
    int second;
};

Neighbours neighbours(const Doubling& doubling, int outputs, int output) noexcept {
    const int position = doubling.begin + (doubling.mirrored ? outputs - 1 - output : output);
    return {position / 2, std::min((position + 1) / 2, doubling.last)};
}

/// Whether the weights are those of the doubling.
bool is_doubling(const HorizontalFilter& filter, const Doubling& doubling) noexcept {
    for (int i = 0; i < filter.taps.outputs; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const auto [first, second] = neighbours(doubling, filter.taps.outputs, i);
        float sum = 0;
        for (int t = 0; t < filter.taps.taps; ++t) {
            const int sample = filter.first[at] + t;
            const float weight = filter.weights[static_cast<std::size_t>(t) * filter.taps.stride + at];
            const float expected = (sample == first ? 0.5F : 0.0F) + (sample == second ? 0.5F : 0.0F);
            if (weight != expected) return false;
            sum += weight;
        }
        if (sum != 1.0F) return false;
    }
    return true;
}

/// For lines of bytes that have quads.
void find_doubling(HorizontalFilter& filter, bool flip) {
    for (const int begin : {0, 1}) {
        Doubling doubling{begin, filter.columns - 1, flip};
        if (!is_doubling(filter, doubling)) continue;
        filter.doubling_starts.resize(filter.taps.stride / 16);
        filter.doubling_shuffles.resize(filter.taps.stride);
        for (std::size_t i = 0; i < filter.taps.stride; ++i) {
            const auto output = [&](std::size_t k) { return std::min(static_cast<int>(k), filter.taps.outputs - 1); };
            const auto first = [&](std::size_t k) { return neighbours(doubling, filter.taps.outputs, output(k)).first; };
            const std::size_t block = i / 16 * 16;
            const int start = std::min({first(block), first(block + 15), filter.columns - quad_bytes});
            filter.doubling_starts[i / 16] = start;
            const auto [left, right] = neighbours(doubling, filter.taps.outputs, output(i));
            filter.doubling_shuffles[i] =
                0x80800000U | static_cast<std::uint32_t>(right - start) << 8U | static_cast<std::uint32_t>(left - start);
        }
        doubling.starts = filter.doubling_starts.data();
        doubling.shuffles = filter.doubling_shuffles.data();
        filter.taps.doubling = doubling;
        return;
    }
}

}  // namespace

HorizontalFilter make_horizontal_filter(const FilterTable& table, bool flip, int sample_bytes) {
    const std::size_t outputs = table.first.size();
    const auto taps = static_cast<std::size_t>(table.taps);
    const std::size_t stride = padded_outputs(table.first.size());
    HorizontalFilter filter;
    filter.taps.outputs = static_cast<int>(outputs);
    filter.taps.stride = stride;
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
    filter.taps.first = filter.first.data();
    filter.taps.weights = filter.weights.data();
    filter.taps.taps = table.taps;
    filter.taps.span = span;
    if (make_quads(filter, sample_bytes)) {
        filter.taps.quad_starts = filter.quad_starts.data();
        filter.taps.shuffles = filter.shuffles.data();
        if (sample_bytes == 1) find_doubling(filter, flip);
    }
    return filter;
}

}  // namespace kf::convert
