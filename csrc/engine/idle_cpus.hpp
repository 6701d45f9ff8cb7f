// The CPUs that no run needs, and who helps whom: where all calls in flight have fewer runs than CPUs, the idle CPUs become
// threads inside the decoders of those runs. A CPU is a run's or helps a run, so that runs and helpers together are at most
// as many as the CPUs, and those of one limit at most as many as the limit allows. It starts no thread. Any thread.
//
//   1. A call counts its runs when it is submitted (RunShare). From then on they are in flight.
//   2. When a run opens its decoder, the helpers that are left are divided by the runs that have no decoder yet, rounded up:
//      the longest run is decoded first. A run keeps its helpers until it is over or works alone.
//   3. A run that is over, or whose call was stopped, gives its CPU and its helpers back. A read that never returns thus
//      holds none.
#pragma once

#include <memory>
#include <mutex>

#include "engine/thread_pool.hpp"
#include "index/frame_index.hpp"
#include "plan/runs.hpp"

namespace kf::engine {

/// How many threads the decoder of a run is worth: 1 where the run is so short that more threads cost more than they save.
[[nodiscard]] int threads_worth(const index::FrameIndex& index, const plan::Run& run) noexcept;

class IdleCpus {
public:
    /// From now on every decoder that can have so many threads has them, whatever its run is worth; 0 ends that. For tests.
    void force(int threads) noexcept;
    /// For the thread that forks: a child must not inherit the lock while somebody holds it.
    [[nodiscard]] std::mutex& mutex() noexcept { return mutex_; }

private:
    friend class CallShare;
    friend class RunShare;
    std::mutex mutex_;
    RunLoad load_;
    int forced_ = 0;
};

/// The part of one call. It outlives the call's runs, and counts nothing once it has left.
class CallShare {
public:
    CallShare(std::shared_ptr<IdleCpus> cpus, std::shared_ptr<TaskLimit> limit);
    ~CallShare() { leave(); }
    CallShare(const CallShare&) = delete;
    CallShare& operator=(const CallShare&) = delete;

    /// The call is over or was stopped: all that it holds is given back.
    void leave() noexcept;

private:
    friend class RunShare;
    /// These two with the lock held.
    void change(const RunLoad& by) noexcept;
    [[nodiscard]] int helpers_for_one() const noexcept;
    [[nodiscard]] int spare_threads() const noexcept;

    const std::shared_ptr<IdleCpus> cpus_;
    const std::shared_ptr<TaskLimit> limit_;
    RunLoad load_;
    bool left_ = false;
};

/// The part of one run. One owner; used by one thread at a time.
class RunShare {
public:
    explicit RunShare(std::shared_ptr<CallShare> call);
    ~RunShare();
    RunShare(const RunShare&) = delete;
    RunShare& operator=(const RunShare&) = delete;

    /// How many threads the run's next decoder may have, at most `worth`. Only the first one may have more than 1.
    [[nodiscard]] int open_decoder(int worth) noexcept;
    /// The run goes on without helpers, or begins without any.
    void work_alone() noexcept;
    [[nodiscard]] bool helped() const noexcept { return helpers_ > 0; }

private:
    void have(int helpers) noexcept;

    const std::shared_ptr<CallShare> call_;
    bool opened_ = false;
    int helpers_ = 0;
};

}  // namespace kf::engine
