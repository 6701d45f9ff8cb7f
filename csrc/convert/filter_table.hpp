// Which samples of a line make each output sample, and with which weights. Computed once a (source, box, size), used for
// every row. Pure, any thread.
#pragma once

#include <vector>

#include "convert/pixel_request.hpp"

namespace kf::convert {

/// One axis of one plane. Output sample i sits at source sample position origin + i * step; only samples in [low, high)
/// count.
struct AxisGeometry {
    double origin = 0;
    double step = 1;
    int outputs = 0;
    int low = 0;
    int high = 0;
};

struct FilterTable {
    int taps = 1;
    std::vector<int> first;      ///< for each output, never descending; first + taps never exceeds the axis
    std::vector<float> weights;  ///< taps for each output, summing to 1
    int low = 0;                 ///< samples [low, high) are used at all
    int high = 0;
};

/// Geometry of torch's interpolate(align_corners=False); with antialias the support grows with the step, as in Pillow.
[[nodiscard]] FilterTable make_filter_table(const AxisGeometry& axis, Interpolation interpolation, bool antialias);

}  // namespace kf::convert
