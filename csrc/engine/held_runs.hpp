// The cache of held runs: it recognises calls that go on from an earlier call for the same video, and keeps a run for the
// next one of them. A video is known by its source and its index object. The cache is bounded in number and in bytes; the
// least recently used run goes first, and every run goes when it was not used for a while or when nobody has its index any
// more. Any thread. It never decodes and never reads; it has a thread of its own while it holds something.
//
//   1. The calls that go on from each other are a walk. A call joins the walk that is nearest behind its first frame, first
//   of
//      all one whose held run reaches it, where that frame is near or the run makes the call much cheaper. Other calls
//      begin a walk.
//   2. A call takes its walk, with the held run, for itself. Other calls do not see the walk until the call is over, so that
//      two threads never share a decoder.
//   3. A call has a run held where the next frame of its walk lies in the same run, and
//      a) the call goes on from another one, or
//      b) it is the first of its walk and so long that what is sent ahead costs little beside it.
//   4. Where a held run gave up, its walk does not hold another one from the same entry.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "engine/decode_request.hpp"
#include "engine/held_run.hpp"
#include "plan/stepping.hpp"

namespace kf::engine {

class HeldRuns : public std::enable_shared_from_this<HeldRuns> {
    struct Walk;
    using Walks = std::list<Walk>;

public:
    using Clock = std::chrono::steady_clock;
    struct Limits {
        std::size_t runs;
        std::int64_t bytes;
        Clock::duration idle;
    };
    HeldRuns(const Limits& limits, std::shared_ptr<base::BufferPool> buffers);
    ~HeldRuns();
    HeldRuns(const HeldRuns&) = delete;
    HeldRuns& operator=(const HeldRuns&) = delete;

    /// A call's part in the cache. Destroying it ends the call; a run that was not given back is dropped.
    class Lease {
    public:
        Lease(std::shared_ptr<HeldRuns> cache, Walks walk, bool hold) noexcept;
        ~Lease();
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;

        /// For a run of the call, a held run that wants the same; nullptr where an ordinary run is to be made. `run` must
        /// outlive the decoding. Throws std::bad_alloc.
        [[nodiscard]] std::unique_ptr<HeldRun> run_for(const plan::Run& run);
        /// A held run has given the call all that the call wanted of it.
        void give_back(std::unique_ptr<HeldRun> run) noexcept;
        /// The held run from this entry gave up.
        void note_that_it_gave_up(std::int32_t entry) noexcept;

    private:
        const std::shared_ptr<HeldRuns> cache_;
        Walks walk_;  // one
        const bool hold_;
    };

    /// A call wants frames of a video, rising and at least one. `runs`: the runs of all of them. Throws std::bad_alloc.
    [[nodiscard]] std::unique_ptr<Lease> begin(const VideoRequest& video, std::span<const std::int64_t> frames,
                                               std::span<const plan::Run* const> runs);

private:
    [[nodiscard]] Walks::iterator find(const VideoRequest& video, std::int64_t frame, const plan::Run& run) noexcept;
    void end(Walks walk) noexcept;
    // With the lock held:
    [[nodiscard]] Walks take_useless() noexcept;
    [[nodiscard]] bool start_thread() noexcept;
    static void drop_idle(const std::shared_ptr<HeldRuns>& self) noexcept;

    const Limits limits_;
    const std::shared_ptr<base::BufferPool> buffers_;
    std::mutex mutex_;
    Walks walks_;  // most recently used first; those that no call has taken
    bool has_thread_ = false;
};

}  // namespace kf::engine
