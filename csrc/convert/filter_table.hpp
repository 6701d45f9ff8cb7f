// Which samples of a line make each output sample, and with which weights. Plain data, made once per geometry (source, box,
// size) and used for every row. Any thread. Never reads pixels.
#pragma once

#include <vector>

#include "convert/pixel_request.hpp"

namespace kf::convert {

/// A part of one axis of one plane: output sample first + i lies at source position origin + (first + i) * step, in samples
/// of this plane. Only samples in [low, high) are read.
struct AxisGeometry {
    double origin = 0;
    double step = 1;
    int outputs = 0;
    int low = 0;
    int high = 0;
    int first = 0;
};

struct FilterTable {
    int taps = 1;
    std::vector<int> first;      ///< per output, never descending; first + taps stays inside the axis
    std::vector<float> weights;  ///< `taps` weights per output, which sum to 1
    int low = 0;                 ///< some output reads them: samples [low, high)
    int high = 0;
};

/// Weights of torch.nn.functional.interpolate(align_corners=False, antialias=...): a triangle (bilinear) or Keys' cubic
/// (bicubic) around the output's position. With antialias the filter is as many times wider as the picture shrinks, as in
/// Pillow.
[[nodiscard]] FilterTable make_filter_table(const AxisGeometry& axis, Interpolation interpolation, bool antialias);

}  // namespace kf::convert
