// How the frames of successive calls for one video follow each other, and which frames the next call will probably want.
// Pure arithmetic; any thread, one at a time. A wrong guess costs time and never changes a frame.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/frame_index.hpp"

namespace kf::plan {

/// Whether each frame number is at least the one before.
[[nodiscard]] bool is_rising(std::span<const std::int64_t> frames) noexcept;

class Stepping {
public:
    /// The first call wants these frames: rising, at least one.
    explicit Stepping(std::span<const std::int64_t> frames) noexcept : last_(frames.front()) { add(frames.subspan(1)); }

    /// One more call wants these frames: rising, at least one, the first not in front of last().
    void add(std::span<const std::int64_t> frames) noexcept;

    /// The last frame of the last call.
    [[nodiscard]] std::int64_t last() const noexcept { return last_; }
    /// Whether a call that begins with this frame seems to go on from the last call.
    [[nodiscard]] bool seems_to_reach(std::int64_t frame) const noexcept;
    /// The nearest frame that the next call may begin with.
    [[nodiscard]] std::int64_t next() const noexcept { return last_ + shortest(); }
    /// Whether a frame was wanted twice in a row.
    [[nodiscard]] bool repeats() const noexcept { return repeats_; }
    /// The packets of the frames that the next calls will probably want, ascending. The frames far ahead are left out.
    [[nodiscard]] std::vector<std::int32_t> packets_ahead(const index::FrameIndex& index) const;

private:
    [[nodiscard]] std::int64_t shortest() const noexcept;
    [[nodiscard]] std::int64_t longest() const noexcept;
    [[nodiscard]] bool predicts(std::int64_t frame) const noexcept;

    std::int64_t last_;
    std::array<std::int64_t, 8> steps_{};  // the latest, without those of 0
    std::size_t count_ = 0;                // of all steps so far
    bool repeats_ = false;
};

}  // namespace kf::plan
