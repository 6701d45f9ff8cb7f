#include "plan/stepping.hpp"

#include <algorithm>

namespace kf::plan {
namespace {

constexpr std::int64_t frames_ahead =
    64;  // more than lie between a packet and those that are sent before its picture is out
constexpr std::int64_t unknown_step = 16;  // a second call that begins so far behind the first one may go on from it

}  // namespace

bool is_rising(std::span<const std::int64_t> frames) noexcept {
    return std::is_sorted(frames.begin(), frames.end());
}

void Stepping::add(std::span<const std::int64_t> frames) noexcept {
    for (const std::int64_t frame : frames) {
        repeats_ = repeats_ || frame == last_;
        if (frame > last_) steps_[count_++ % steps_.size()] = frame - last_;
        last_ = frame;
    }
}

std::int64_t Stepping::shortest() const noexcept {
    return count_ == 0 ? 1 : *std::min_element(steps_.begin(), steps_.begin() + std::min(count_, steps_.size()));
}

std::int64_t Stepping::longest() const noexcept {
    return count_ == 0 ? 1 : *std::max_element(steps_.begin(), steps_.begin() + std::min(count_, steps_.size()));
}

bool Stepping::seems_to_reach(std::int64_t frame) const noexcept {
    return frame >= last_ && frame - last_ <= std::max(unknown_step, 2 * longest());
}

/// Whether it is a whole number of known steps ahead.
bool Stepping::predicts(std::int64_t frame) const noexcept {
    const std::int64_t distance = frame - last_;
    const std::int64_t steps = (distance + longest() - 1) / longest();
    return distance > 0 && steps * shortest() <= distance;
}

std::vector<std::int32_t> Stepping::packets_ahead(const index::FrameIndex& index) const {
    std::vector<std::int32_t> packets;
    const std::int64_t end = std::min(index.frame_count(), last_ + 1 + frames_ahead);
    for (std::int64_t frame = last_ + 1; frame < end; ++frame) {
        if (predicts(frame)) packets.push_back(index.frames[static_cast<std::size_t>(frame)].packet);
    }
    std::sort(packets.begin(), packets.end());
    return packets;
}

}  // namespace kf::plan
