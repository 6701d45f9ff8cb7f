#include "convert/filter_table.hpp"

#include <algorithm>
#include <cmath>

namespace kf {
namespace {

double triangle(double x) noexcept {
    return std::max(0.0, 1.0 - std::abs(x));
}

/// Keys' cubic convolution.
double cubic(double x, double a) noexcept {
    x = std::abs(x);
    if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
    if (x < 2.0) return (((x - 5.0) * x + 8.0) * x - 4.0) * a;
    return 0.0;
}

/// Weights by sample, before they are laid out: samples outside [low, high) are clamped to its ends, or dropped with antialias.
struct Taps {
    int first = 0;
    std::vector<double> weights;
};

Taps taps_at(const AxisGeometry& axis, double position, Interpolation interpolation, bool antialias) {
    // torch and Pillow: a = -0.5 where the filter is widened, -0.75 where it only interpolates.
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
        taps.weights[slot] += weight;
        sum += weight;
    }
    if (sum == 0.0) {  // a box edge half a sample away from everything that counts
        taps.weights.assign(1, 1.0);
        sum = 1.0;
    }
    for (double& weight : taps.weights) weight /= sum;
    while (taps.weights.size() > 1 && taps.weights.back() == 0.0) taps.weights.pop_back();
    while (taps.weights.size() > 1 && taps.weights.front() == 0.0) {
        taps.weights.erase(taps.weights.begin());
        ++taps.first;
    }
    return taps;
}

}  // namespace

FilterTable make_filter_table(const AxisGeometry& axis, Interpolation interpolation, bool antialias) {
    std::vector<Taps> all;
    FilterTable table;
    table.low = axis.high;
    table.high = axis.low;
    for (int i = 0; i < axis.outputs; ++i) {
        all.push_back(taps_at(axis, axis.origin + i * axis.step, interpolation, antialias));
        const int count = static_cast<int>(all.back().weights.size());
        table.taps = std::max(table.taps, count);
        table.low = std::min(table.low, all.back().first);
        table.high = std::max(table.high, all.back().first + count);
    }
    // Every output gets the same number of taps, so a first sample near the end moves back and its weights forward.
    table.low = std::min(table.low, std::max(axis.low, table.high - table.taps));
    table.weights.resize(static_cast<std::size_t>(axis.outputs) * static_cast<std::size_t>(table.taps));
    for (std::size_t i = 0; i < all.size(); ++i) {
        const int first = std::max(table.low, std::min(all[i].first, table.high - table.taps));
        const auto shift = static_cast<std::size_t>(all[i].first - first);
        table.first.push_back(first);
        for (std::size_t t = 0; t < all[i].weights.size(); ++t) {
            table.weights[i * static_cast<std::size_t>(table.taps) + shift + t] = static_cast<float>(all[i].weights[t]);
        }
    }
    return table;
}

}  // namespace kf
