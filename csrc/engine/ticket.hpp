// A piece of work under way. `wait_for` says when it is over: either everything is done, or it was stopped (cancelled, or
// its time ran out) and nobody can write to its output any more. A read that never returns does not keep a ticket: its
// thread is given up and what it reads goes to a buffer of its own. Any thread may call anything here.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include "engine/thread_pool.hpp"

namespace kf::engine {

using Clock = std::chrono::steady_clock;

class Ticket {
public:
    /// max_reads: of its tasks on the I/O threads at once.
    Ticket(std::optional<Clock::duration> timeout, std::shared_ptr<ThreadPool> io, int max_reads);
    virtual ~Ticket() = default;
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

    /// True once it is over.
    [[nodiscard]] bool wait_for(Clock::duration duration);
    void cancel();
    /// From now on it has so long, whatever it had before.
    void set_timeout(Clock::duration timeout) noexcept;
    /// How long ago the last of its work was done; 0 where it is not, or where it was stopped.
    [[nodiscard]] double seconds_since_done();

    enum class Stop : std::uint8_t { none, cancelled, timed_out };
    [[nodiscard]] Stop why_stopped() const noexcept { return stop_; }

protected:
    /// Looked at between packets; also notices that the time has run out.
    [[nodiscard]] bool stopped() noexcept;

    /// Around what may write to the output. False: it must not begin.
    [[nodiscard]] bool begin_writing();
    void end_writing();
    /// No more work is coming.
    void finish();

    std::mutex mutex_;
    const std::shared_ptr<ThreadPool> io_;
    const std::shared_ptr<TaskGroup> reading_;  // what may block for ever; a task of it that finds the ticket stopped ends

private:
    void stop(Stop why);

    std::condition_variable over_;
    std::atomic<Stop> stop_ = Stop::none;
    std::atomic<Clock::time_point> deadline_ = Clock::time_point::max();
    bool finished_ = false;
    Clock::time_point finished_at_;
    int writing_ = 0;
};

}  // namespace kf::engine
