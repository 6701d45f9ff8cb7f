#include "engine/held_runs.hpp"

#include <algorithm>
#include <utility>

namespace kf::engine {
namespace {

constexpr std::size_t most_walks = 64;
constexpr std::int64_t share_ahead = 20;  // a first call sends at most one packet ahead in so many

bool same_video(const VideoRequest& a, const VideoRequest& b) noexcept {
    return a.index == b.index && a.source == b.source;
}

const plan::Run& run_of(const index::FrameIndex& index, std::int64_t frame, std::span<const plan::Run* const> runs) {
    const std::int32_t packet = index.frames[static_cast<std::size_t>(frame)].packet;
    return **std::find_if(runs.begin(), runs.end(), [packet](const plan::Run* run) { return run->wants(packet); });
}

bool is_decoded_from(const index::FrameIndex& index, std::int64_t frame, std::int32_t entry) {
    return frame < index.frame_count() && plan::plan_runs(index, {&frame, 1}).front().entry == entry;
}

/// Whether continuing saves at least half of the packets.
bool saves_half(const HeldRun& held, const plan::Run& run) noexcept {
    return 2 * (std::int64_t{held.position()} - held.entry()) >= run.packets();
}

}  // namespace

HeldRuns::Walks::iterator HeldRuns::find(const VideoRequest& video, std::span<const std::int64_t> frames,
                                         const plan::Run& first) {
    auto best = walks_.end();
    for (auto walk = walks_.begin(); walk != walks_.end(); ++walk) {
        if (!same_video(walk->video, video) || walk->stepping.last() > frames.front()) continue;
        if (best != walks_.end() && best->stepping.last() >= walk->stepping.last()) continue;
        const bool reached = walk->run && walk->run->entry() == first.entry && walk->run->can_reach(first);
        const bool near = walk->stepping.seems_to_reach(frames.front());
        if (near ? walk->goes_on || walk->entry == first.entry : reached && saves_half(*walk->run, first)) best = walk;
    }
    return best;
}

std::unique_ptr<HeldRuns::Lease> HeldRuns::begin(const VideoRequest& video, std::span<const std::int64_t> frames,
                                                 std::span<const plan::Run* const> runs) {
    const index::FrameIndex& index = *video.index;
    const plan::Run& first = run_of(index, frames.front(), runs);
    const plan::Run& last = run_of(index, frames.back(), runs);
    Walks walk;
    {
        const std::scoped_lock lock(mutex_);
        const auto found = find(video, frames, first);
        if (found != walks_.end()) walk.splice(walk.begin(), walks_, found);
    }
    const bool goes_on = !walk.empty();
    if (goes_on) {
        walk.front().stepping.add(frames);
        walk.front().goes_on = true;
    } else {
        walk.push_back({video, plan::Stepping(frames), last.entry, false, -1, nullptr, 0, {}});
    }
    Walk& mine = walk.front();
    mine.entry = last.entry;
    if (mine.run && (mine.run->entry() != first.entry || !mine.run->can_reach(first))) mine.run.reset();
    const bool cheap = last.packets() >= share_ahead * (std::int64_t{index.reorder_depth} + 1);
    const bool hold = (goes_on || cheap) && mine.gave_up_at != last.entry &&
                      is_decoded_from(index, mine.stepping.next(), last.entry);
    auto lease = std::make_unique<Lease>(shared_from_this(), std::move(walk));
    lease->hold_ = hold;
    return lease;
}

std::unique_ptr<HeldRun> HeldRuns::Lease::run_for(const plan::Run& run) {
    Walk& walk = walk_.front();
    std::unique_ptr<HeldRun> held;
    if (walk.run && walk.run->entry() == run.entry) {
        held = std::move(walk.run);
    } else if (hold_ && run.entry == walk.entry) {
        held = std::make_unique<HeldRun>(walk.video.index, run.entry);
    }
    if (held) held->want(run, walk.stepping.packets_ahead(*walk.video.index));
    return held;
}

void HeldRuns::Lease::give_back(std::unique_ptr<HeldRun> run) noexcept {
    Walk& walk = walk_.front();
    if (!hold_ || run->entry() != walk.entry) return;
    walk.memory = run->memory();
    walk.run = std::move(run);
}

void HeldRuns::end(Walks walk) noexcept {
    Walks dropped;
    const std::scoped_lock lock(mutex_);
    walk.front().used = Clock::now();
    walks_.splice(walks_.begin(), walk);
    trim(dropped);
}

void HeldRuns::trim(Walks& dropped) {
    std::size_t runs = 0;
    std::int64_t bytes = 0;
    for (Walk& walk : walks_) {
        if (!walk.run) continue;
        ++runs;
        bytes += walk.memory;
    }
    (void)runs;
    (void)bytes;
    (void)dropped;
}

std::optional<HeldRuns::Clock::time_point> HeldRuns::drop_idle() {
    return {};
}

}  // namespace kf::engine
