#include "convert/filter_table.hpp"

#include <algorithm>
#include <cmath>

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

/// The weights of one output. The weight of a sample outside [low, high) goes to the nearest end or, with antialias, is
/// dropped.
struct Taps {
    int first = 0;
    std::vector<float> weights;
};

Taps taps_at(const AxisGeometry& axis, double position, Interpolation interpolation, bool antialias) {
    // torch's values: a = -0.5 with antialias, as in Pillow, else -0.75.
    const bool bicubic = interpolation == Interpolation::bicubic;
    const double a = antialias ? -0.5 : -0.75;
    const double stretch = antialias ? std::max(1.0, axis.step) : 1.0;
    const double support = (bicubic ? 2.0 : 1.0) * stretch;
    int begin = static_cast<int>(std::ceil(position - support));
    int end = static_cast<int>(std::floor(position + support)) + 1;
    if (antialias) {
        begin = std::clamp(begin, axis.low, axis.high - 1);
        end = std::clamp(end, begin + 1, axis.high);
    }
    Taps taps{std::clamp(begin, axis.low, axis.high - 1), {}};
    double sum = 0.0;
    for (int sample = begin; sample < end; ++sample) {
        const double distance = (sample - position) / stretch;
        const double weight = bicubic ? cubic(distance, a) : triangle(distance);
        const auto slot = static_cast<std::size_t>(std::clamp(sample, axis.low, axis.high - 1) - taps.first);
        if (slot >= taps.weights.size()) taps.weights.resize(slot + 1);
        taps.weights[slot] += static_cast<float>(weight);
        sum += weight;
    }
    if (sum == 0.0) {  // the box ends half a sample before the only sample that is read
        taps.weights.assign(1, 1.0F);
        sum = 1.0;
    }
    for (float& weight : taps.weights) weight = static_cast<float>(weight / sum);
    while (taps.weights.size() > 1 && taps.weights.back() == 0.0F) taps.weights.pop_back();
    while (taps.weights.size() > 1 && taps.weights.front() == 0.0F) {
        taps.weights.erase(taps.weights.begin());
        ++taps.first;
    }
    return taps;
}

}  // namespace

FilterTable make_filter_table(const AxisGeometry& axis, Interpolation interpolation, bool antialias) {
    std::vector<Taps> all;
    all.reserve(static_cast<std::size_t>(axis.outputs));
    for (int i = 0; i < axis.outputs; ++i)
        all.push_back(taps_at(axis, axis.origin + (axis.first + i) * axis.step, interpolation, antialias));
    FilterTable table;
    table.low = axis.high;
    table.high = axis.low;
    table.first.resize(all.size());
    int next_first = axis.high;
    for (std::size_t i = all.size(); i-- > 0;) {  // backwards, so that `first` never descends
        const int end = all[i].first + static_cast<int>(all[i].weights.size());
        next_first = std::min(next_first, all[i].first);
        table.first[i] = next_first;
        table.taps = std::max(table.taps, end - next_first);
        table.low = std::min(table.low, next_first);
        table.high = std::max(table.high, end);
    }
    // Every output has the same number of taps: near the end, `first` moves back and the weights move forward.
    const auto taps = static_cast<std::size_t>(table.taps);
    table.low = std::min(table.low, table.high - table.taps);
    table.weights.resize(all.size() * taps);
    for (std::size_t i = 0; i < all.size(); ++i) {
        table.first[i] = std::min(table.first[i], table.high - table.taps);
        const auto shift = static_cast<std::size_t>(all[i].first - table.first[i]);
        std::copy(all[i].weights.begin(), all[i].weights.end(),
                  table.weights.begin() + static_cast<std::ptrdiff_t>(i * taps + shift));
    }
    return table;
}

}  // namespace kf::convert
