// From wanted frames to runs: where decoding begins, and which packets show the wanted frames. Pure arithmetic on an index;
// any thread; never reads bytes.
//   1. A wanted frame is decoded from the last entry that comes before it both in decode order and in presentation order. A
//      picture that follows an entry in decode order but precedes it in presentation order (a leading picture) may refer to
//      pictures before that entry. Where there is no such entry, the run begins at the first packet.
//   2. Frames with the same entry are one run. What lies between two runs is never read.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/frame_index.hpp"

namespace kf::plan {

/// A stretch of one video that is decoded in one go, from one entry. It ends with the last wanted packet.
struct Run {
    std::int32_t entry = 0;
    std::vector<std::int32_t> wanted;  ///< ordinals, ascending: every packet of the wanted pictures, second fields too
    [[nodiscard]] std::int32_t last() const noexcept { return wanted.back(); }
    [[nodiscard]] std::int64_t packets() const noexcept { return std::int64_t{last()} - entry + 1; }
    [[nodiscard]] bool wants(std::int32_t ordinal) const noexcept;
};

/// frames: frame numbers within the index, in any order, repeats allowed. The runs are in decode order.
[[nodiscard]] std::vector<Run> plan_runs(const index::FrameIndex& index, std::span<const std::int64_t> frames);

/// The last packet that may be decoded from this entry: the last one that a frame of its run can want.
[[nodiscard]] std::int32_t end_of_run(const index::FrameIndex& index, std::int32_t entry) noexcept;

}  // namespace kf::plan
