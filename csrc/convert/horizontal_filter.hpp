// The FilterTable of a plane's columns, laid out as the kernels read it. Owns its tables, which are made once per plane
// geometry and then only read. Any thread may make one. Never reads pixels.
#pragma once

#include <cstdint>
#include <vector>

#include "convert/filter_table.hpp"
#include "convert/kernels/kernel_table.hpp"

namespace kf::convert {

struct HorizontalFilter {
    int low = 0;  ///< only source columns [low, low + columns) are read
    int columns = 0;
    bool is_identity = false;  ///< the samples of a line are the outputs
    HorizontalTaps taps;  ///< of the columns from `low`; points into the vectors below: valid when moved, not when copied
    std::vector<std::int32_t> first;
    std::vector<float> weights;
    std::vector<std::int32_t> quad_starts;
    std::vector<std::uint32_t> shuffles;
    std::vector<std::int32_t> doubling_starts;
    std::vector<std::uint32_t> doubling_shuffles;
};

/// With `flip` the outputs are mirrored left to right. Throws std::bad_alloc.
[[nodiscard]] HorizontalFilter make_horizontal_filter(const FilterTable& table, bool flip, int sample_bytes);

}  // namespace kf::convert
