#include "convert/filter_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

namespace kf::convert {
namespace {

double triangle(double x) noexcept {
    return std::max(0.0, 1.0 - std::abs(x));
}

/// The cubic of R. Keys, "Cubic convolution interpolation for digital image processing" (1981), with parameter a:
///   (a + 2)|x|^3 - (a + 3)|x|^2 + 1      where |x| < 1
///   a|x|^3 - 5a|x|^2 + 8a|x| - 4a        where 1 <= |x| < 2
double cubic(double x, double a) noexcept {
    x = std::abs(x);
    if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
    if (x < 2.0) return (((x - 5.0) * x + 8.0) * x - 4.0) * a;
    return 0.0;
}

int whole_ceil(double value) noexcept {
    const int whole = static_cast<int>(value);
    return whole + static_cast<int>(whole < value);
}

int whole_floor(double value) noexcept {
    const int whole = static_cast<int>(value);
    return whole - static_cast<int>(whole > value);
}

/// The filter of an axis: its shape, and how far it reaches from the output's position.
struct Filter {
    Filter(const AxisGeometry& axis, Interpolation interpolation, bool antialiased) noexcept
        : bicubic(interpolation == Interpolation::bicubic), antialias(antialiased), a(antialiased ? -0.5 : -0.75),
          stretch(antialiased ? std::max(1.0, axis.step) : 1.0), support((bicubic ? 2.0 : 1.0) * stretch) {}

    [[nodiscard]] double weight(double distance) const noexcept { return bicubic ? cubic(distance, a) : triangle(distance); }
    /// At least as many taps as an output has.
    [[nodiscard]] int most_taps(const AxisGeometry& axis) const noexcept {
        return static_cast<int>(std::min(2.0 * support + 2.0, static_cast<double>(axis.high - axis.low)));
    }

    bool bicubic;
    bool antialias;
    double a;  ///< torch's values: -0.5 with antialias, as in Pillow, else -0.75
    double stretch;
    double support;
};

/// The samples [first, first + count) that make one output.
struct Taps {
    int first;
    int count;
};

/// Writes the weights of one output, whose memory is zero. The weight of a sample outside [low, high) goes to the nearest
/// end or, with antialias, is dropped.
Taps write_taps(const AxisGeometry& axis, const Filter& filter, double position, float* weights) noexcept {
    int begin = whole_ceil(position - filter.support);
    int end = whole_floor(position + filter.support) + 1;
    if (filter.antialias) {
        begin = std::clamp(begin, axis.low, axis.high - 1);
        end = std::clamp(end, begin + 1, axis.high);
    }
    Taps taps{std::clamp(begin, axis.low, axis.high - 1), 1};
    double sum = 0.0;
    for (int sample = begin; sample < end; ++sample) {
        const double weight = filter.weight((sample - position) / filter.stretch);
        const int slot = std::clamp(sample, axis.low, axis.high - 1) - taps.first;
        weights[slot] += static_cast<float>(weight);
        taps.count = slot + 1;
        sum += weight;
    }
    if (sum == 0.0) {  // the box ends half a sample before the only sample that is read
        taps.count = 1;
        weights[0] = 1.0F;
        return taps;
    }
    for (int t = 0; t < taps.count; ++t) weights[t] = static_cast<float>(weights[t] / sum);
    while (taps.count > 1 && weights[taps.count - 1] == 0.0F) --taps.count;
    const float* const used = std::find_if(weights, weights + taps.count - 1, [](float weight) { return weight != 0.0F; });
    const auto unused = static_cast<int>(used - weights);
    std::copy(used, static_cast<const float*>(weights + taps.count), weights);
    return {taps.first + unused, taps.count - unused};
}

}  // namespace

// Every output of a table has the same number of taps, which is known last:
//   1. The taps of each output are written into rows that are long enough for any output.
//   2. Backwards, so that `first` never descends, the first tap of each output and the number of taps are found.
//   3. The rows are moved together. Near the end of the axis, `first` moves back and the weights move forward.
FilterTable make_filter_table(const AxisGeometry& axis, Interpolation interpolation, bool antialias) {
    const Filter filter(axis, interpolation, antialias);
    const auto outputs = static_cast<std::size_t>(axis.outputs);
    const auto row = static_cast<std::size_t>(filter.most_taps(axis));
    FilterTable table;
    table.low = axis.high;
    table.high = axis.low;
    table.first.resize(outputs);
    table.weights.resize(outputs * row);
    std::vector<Taps> all(outputs);
    for (std::size_t i = 0; i < outputs; ++i) {
        const double position = axis.origin + (axis.first + static_cast<int>(i)) * axis.step;
        all[i] = write_taps(axis, filter, position, table.weights.data() + i * row);
    }
    int next_first = axis.high;
    for (std::size_t i = outputs; i-- > 0;) {
        const int end = all[i].first + all[i].count;
        next_first = std::min(next_first, all[i].first);
        table.first[i] = next_first;
        table.taps = std::max(table.taps, end - next_first);
        table.low = std::min(table.low, next_first);
        table.high = std::max(table.high, end);
    }
    const auto taps = static_cast<std::size_t>(table.taps);
    table.low = std::min(table.low, table.high - table.taps);
    for (std::size_t i = 0; i < outputs; ++i) {
        table.first[i] = std::min(table.first[i], table.high - table.taps);
        const auto shift = static_cast<std::size_t>(all[i].first - table.first[i]);
        const auto count = static_cast<std::size_t>(all[i].count);
        float* const to = table.weights.data() + i * taps;
        std::memmove(to + shift, table.weights.data() + i * row, count * sizeof(float));
        std::fill(to, to + shift, 0.0F);
        std::fill(to + shift + count, to + taps, 0.0F);
    }
    table.weights.resize(outputs * taps);
    return table;
}

}  // namespace kf::convert
