// A plane's FilterTable for its columns, laid out as the kernels read it. Computed once a (source, box, size). Pure, any
// thread.
#pragma once

#include <cstdint>
#include <vector>

#include "convert/filter_table.hpp"
#include "convert/kernels/resample_kernels.hpp"

namespace kf::convert {

struct AcrossTable {
    int low = 0;  ///< source columns [low, low + columns) are used at all
    int columns = 0;
    bool straight = false;  ///< nothing to pick: a row's samples are the output's
    PickTable kernel;  ///< of the columns from `low`; points into what follows, which moves along but is not copied along
    std::vector<std::int32_t> first;
    std::vector<float> weights;
    std::vector<std::int32_t> quads;
    std::vector<std::uint32_t> places;
};

/// Mirrored left to right with `flip`. Throws std::bad_alloc.
[[nodiscard]] AcrossTable make_across_table(const FilterTable& table, bool flip, int sample_bytes);

}  // namespace kf::convert
