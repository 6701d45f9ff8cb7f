#include "engine/held_runs.hpp"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

#include "engine/thread_locals.hpp"
#include "plan/runs.hpp"

namespace kf::engine {
namespace {

constexpr std::size_t most_walks = 64;
constexpr std::int64_t share_ahead = 20;  // where a first call sends about one packet ahead in so many, its run is held

/// Knows a video again and keeps nothing of it alive.
struct VideoKey {
    explicit VideoKey(const VideoRequest& video)
        : index(video.index), bytes(video.source.bytes), path(video.source.path), offset(video.source.offset),
          size(video.source.size) {}

    [[nodiscard]] bool is(const VideoRequest& video) const noexcept {
        const media::SourceSpec& source = video.source;
        return index.lock() == video.index && bytes.lock() == source.bytes && path == source.path &&
               offset == source.offset && size == source.size;
    }

    std::weak_ptr<const index::FrameIndex> index;
    std::weak_ptr<const base::Bytes> bytes;
    std::string path;
    std::int64_t offset;
    std::int64_t size;
};

const plan::Run& run_of(const index::FrameIndex& index, std::int64_t frame, std::span<const plan::Run* const> runs) {
    const std::int32_t packet = index.frames[static_cast<std::size_t>(frame)].packet;
    return **std::find_if(runs.begin(), runs.end(), [packet](const plan::Run* run) { return run->wants(packet); });
}

bool is_decoded_from(const index::FrameIndex& index, std::int64_t frame, std::int32_t entry) {
    return frame < index.frame_count() && plan::plan_runs(index, {&frame, 1}).front().entry == entry;
}

bool can_continue(const HeldRun& held, const plan::Run& run) noexcept {
    return held.entry() == run.entry && held.can_reach(run);
}

bool saves_half(const HeldRun& held, const plan::Run& run) noexcept {
    return 2 * (std::int64_t{held.position()} - held.entry()) >= run.packets();
}

}  // namespace

struct HeldRuns::Walk {
    Walk(const VideoRequest& request, std::span<const std::int64_t> frames) : video(request), stepping(frames) {}

    VideoKey video;
    plan::Stepping stepping;
    std::int32_t entry = 0;  // of the last call's last frame
    bool goes_on = false;    // from one call to another
    std::int32_t gave_up_at = -1;
    std::unique_ptr<HeldRun> run;
    std::int64_t memory = 0;
    Clock::time_point used;
};

HeldRuns::HeldRuns(const Limits& limits, std::shared_ptr<base::BufferPool> buffers)
    : limits_(limits), buffers_(std::move(buffers)) {}

HeldRuns::~HeldRuns() = default;

HeldRuns::Walks::iterator HeldRuns::find(const VideoRequest& video, std::int64_t frame, const plan::Run& run) noexcept {
    auto best = walks_.end();
    std::pair<bool, std::int64_t> worth_of_best;
    for (auto walk = walks_.begin(); walk != walks_.end(); ++walk) {
        if (walk->stepping.last() > frame || !walk->video.is(video)) continue;
        const bool continues = walk->run && can_continue(*walk->run, run);
        const bool joins = walk->stepping.seems_to_reach(frame) ? walk->goes_on || walk->entry == run.entry
                                                                : continues && saves_half(*walk->run, run);
        const std::pair worth{continues, walk->stepping.last()};
        if (!joins || (best != walks_.end() && worth <= worth_of_best)) continue;
        best = walk;
        worth_of_best = worth;
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
        const auto found = find(video, frames.front(), first);
        if (found != walks_.end()) walk.splice(walk.begin(), walks_, found);
    }
    const bool goes_on = !walk.empty();
    if (goes_on) {
        walk.front().stepping.add(frames);
        walk.front().goes_on = true;
    } else {
        walk.emplace_back(video, frames);
    }
    Walk& mine = walk.front();
    mine.entry = last.entry;
    if (mine.run && !can_continue(*mine.run, first)) mine.run.reset();
    const bool cheap = last.packets() >= share_ahead * (std::int64_t{index.reorder_depth} + 1);
    const bool hold =
        (goes_on || cheap) && mine.gave_up_at != last.entry && is_decoded_from(index, mine.stepping.next(), last.entry);
    return std::make_unique<Lease>(shared_from_this(), std::move(walk), hold);
}

HeldRuns::Lease::Lease(std::shared_ptr<HeldRuns> cache, Walks walk, bool hold) noexcept
    : cache_(std::move(cache)), walk_(std::move(walk)), hold_(hold) {}

HeldRuns::Lease::~Lease() {
    cache_->end(std::move(walk_));
}

std::unique_ptr<HeldRun> HeldRuns::Lease::run_for(const plan::Run& run) {
    Walk& walk = walk_.front();
    std::unique_ptr<HeldRun> held;
    if (walk.run && walk.run->entry() == run.entry) {
        held = std::move(walk.run);
    } else if (hold_ && run.entry == walk.entry) {
        held = std::make_unique<HeldRun>(walk.video.index.lock(), run.entry, cache_->buffers_);
    }
    if (held && !held->can_reach(run)) held.reset();  // wanted pictures lie behind what is taken for the run's end
    if (held) held->want(run, walk.stepping.packets_ahead(held->index()), walk.stepping.repeats());
    return held;
}

void HeldRuns::Lease::give_back(std::unique_ptr<HeldRun> run) noexcept {
    Walk& walk = walk_.front();
    if (!hold_ || run->entry() != walk.entry) return;
    walk.memory = run->memory();
    walk.run = std::move(run);
}

void HeldRuns::Lease::note_that_it_gave_up(std::int32_t entry) noexcept {
    walk_.front().gave_up_at = entry;
}

void HeldRuns::end(Walks walk) noexcept {
    Walks dropped;  // destroyed when the lock is free
    const std::scoped_lock lock(mutex_);
    walk.front().used = Clock::now();
    walks_.splice(walks_.begin(), walk);
    dropped = take_useless();
    if (!walks_.empty() && !has_thread_ && !start_thread()) dropped.splice(dropped.end(), walks_);
}

/// What exceeds the limits, what was not used for a while, and what nobody can ask for any more.
HeldRuns::Walks HeldRuns::take_useless() noexcept {
    Walks useless;
    std::size_t walks = 0;
    std::size_t runs = 0;
    std::int64_t bytes = 0;
    const auto now = Clock::now();
    for (auto next = walks_.begin(); next != walks_.end();) {
        const auto walk = next++;
        ++walks;
        if (walk->run) {
            ++runs;
            bytes += walk->memory;
        }
        const bool wanted = walk->video.index.use_count() > (walk->run ? 1 : 0) && now - walk->used < limits_.idle;
        if (!wanted || walks > most_walks || runs > limits_.runs || bytes > limits_.bytes)
            useless.splice(useless.end(), walks_, walk);
    }
    return useless;
}

bool HeldRuns::start_thread() noexcept {
    try {
        std::thread([self = shared_from_this()] { drop_idle(self); }).detach();
        return has_thread_ = true;
    } catch (const std::exception&) {
        return false;
    }
}

/// The thread: works while there are walks, and ends with the last one.
void HeldRuns::drop_idle(const std::shared_ptr<HeldRuns>& self) noexcept {
    const bool works = make_thread_locals();
    std::unique_lock lock(self->mutex_);
    while (works && !self->walks_.empty()) {
        const auto due = self->walks_.back().used + self->limits_.idle;
        lock.unlock();
        std::this_thread::sleep_until(due);
        lock.lock();
        Walks dropped = self->take_useless();
        lock.unlock();
        dropped.clear();
        lock.lock();
    }
    self->has_thread_ = false;
    Walks dropped = std::move(self->walks_);
    self->walks_.clear();
    lock.unlock();
}

}  // namespace kf::engine
