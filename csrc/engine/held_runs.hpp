// The cache of held runs: it recognises calls that go on from an earlier call for the same video, and keeps a run for the
// next one of them. A video is known by its source and its index object. Bounded in number and in bytes; the least recently
// used run goes first, and every run goes once it was not used for a while. Any thread. It never decodes and never reads.
//
//   1. The calls that go on from each other are a walk. A call joins the walk that is nearest behind its first frame, where
//      that frame is near or the walk's held run makes the call much cheaper. Other calls begin a walk.
//   2. A call takes its walk, with the held run, for itself. Other calls do not see the walk until the call is over, so that
//      two threads never share a decoder.
//   3. A call asks for a run to be held where the next frame of its walk lies in the same run, and
//      a) the call goes on from another one, or
//      b) it is the first of its walk and so long that what is sent ahead costs little beside it.
//      A single frame of a video, or frames in random order, thus cost what they cost without the cache.
//   4. Where a held run gave up, its walk does not hold another one from the same entry.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "engine/decode_request.hpp"
#include "engine/held_run.hpp"
#include "plan/stepping.hpp"

namespace kf::engine {

class HeldRuns : public std::enable_shared_from_this<HeldRuns> {
public:
    using Clock = std::chrono::steady_clock;
    struct Limits {
        std::size_t runs;
        std::int64_t bytes;
        Clock::duration idle;
    };
    explicit HeldRuns(const Limits& limits) : limits_(limits) {}

    class Lease;
    /// A call wants frames of a video, rising and at least one; `runs` are the runs of all of them. Throws std::bad_alloc.
    [[nodiscard]] std::unique_ptr<Lease> begin(const VideoRequest& video, std::span<const std::int64_t> frames,
                                               std::span<const plan::Run* const> runs);

    /// Drops the runs that were not used for a while. Returns when the next one is due, if there is one.
    std::optional<Clock::time_point> drop_idle();

private:
    struct Walk {
        VideoRequest video;
        plan::Stepping stepping;
        std::int32_t entry;  // of the last call's last frame
        bool goes_on;        // from one call to another
        std::int32_t gave_up_at = -1;
        std::unique_ptr<HeldRun> run;
        std::int64_t memory = 0;
        Clock::time_point used;
    };
    using Walks = std::list<Walk>;

    [[nodiscard]] Walks::iterator find(const VideoRequest& video, std::span<const std::int64_t> frames,
                                       const plan::Run& first);
    void end(Walks walk) noexcept;
    /// With the lock held: moves what exceeds the limits out.
    void trim(Walks& dropped);

    const Limits limits_;
    std::mutex mutex_;
    Walks walks_;  // most recently used first; those that no call has taken
};

/// A call's part in the cache. Destroying it ends the call; the run is then dropped unless it was given back.
class HeldRuns::Lease {
public:
    Lease(std::shared_ptr<HeldRuns> cache, Walks walk) noexcept : cache_(std::move(cache)), walk_(std::move(walk)) {}
    ~Lease() { cache_->end(std::move(walk_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    /// For the run from this entry, a held run that wants what the call wants; nullptr where an ordinary run is to be made.
    /// `run` must outlive the decoding. Call it once per run. Throws std::bad_alloc.
    [[nodiscard]] std::unique_ptr<HeldRun> run_for(const plan::Run& run);
    /// A held run has given the call all that the call wanted of it.
    void give_back(std::unique_ptr<HeldRun> run) noexcept;
    /// The held run from this entry gave up.
    void note_that_it_gave_up(std::int32_t entry) noexcept { walk_.front().gave_up_at = entry; }

private:
    friend class HeldRuns;
    const std::shared_ptr<HeldRuns> cache_;
    Walks walk_;  // one
    bool hold_ = false;
};

}  // namespace kf::engine
