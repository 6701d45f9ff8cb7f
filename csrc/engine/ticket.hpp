// A piece of work that others wait for: a deadline, cancelling, and who may still write. A ticket is over when all its work
// is done, or when it was stopped (cancelled, out of time, or out of resources) and nobody can write to its output any more.
// A read that never returns does not keep a ticket from being over: the read's thread is abandoned, and it reads into a
// buffer that it owns. Any thread may call anything here. A ticket never waits by itself and never throws into another
// thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include "base/error.hpp"
#include "engine/thread_pool.hpp"

namespace kf::engine {

using Clock = std::chrono::steady_clock;

class Ticket {
public:
    /// max_reads: how many of its tasks run on the I/O threads at once.
    Ticket(std::optional<Clock::duration> timeout, std::shared_ptr<ThreadPool> io, int max_reads);
    virtual ~Ticket() = default;
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

    /// Whether the ticket is over.
    [[nodiscard]] bool is_over();
    /// Waits until the ticket is over, but at most so long; true where it is over.
    [[nodiscard]] bool wait_for(Clock::duration duration);
    void cancel();
    /// The new deadline is so long from now, whatever the old one was.
    void set_timeout(Clock::duration timeout) noexcept;
    /// Seconds since the last of its work was done; 0 where work is left or the ticket was stopped.
    [[nodiscard]] double seconds_since_done();

    enum class Stop : std::uint8_t { none, cancelled, timed_out, gave_up };
    [[nodiscard]] Stop why_stopped() const noexcept { return stop_; }

protected:
    /// Asked between packets. It also stops the ticket once its time has run out.
    [[nodiscard]] bool stopped() noexcept;

    /// These two enclose all that writes to the output. Where begin_writing is false, nothing may be written.
    [[nodiscard]] bool begin_writing();
    void end_writing();
    /// All work is done.
    void finish();
    /// The machine has too few resources: the rest of the work is not tried.
    void give_up(base::Error shortage) noexcept;
    /// Throws Failure (resources) where the ticket gave up. With the lock held.
    void throw_if_gave_up() const;

    std::mutex mutex_;
    const std::shared_ptr<ThreadPool> io_;
    const std::shared_ptr<TaskGroup> reading_;  // may block for ever; its tasks end at once where the ticket was stopped

    /// The ticket was stopped: nobody waits for the rest of the work. With the lock held.
    virtual void on_stop() noexcept {}

private:
    void stop(Stop why);
    /// With the lock held.
    [[nodiscard]] bool nobody_writes_any_more() const noexcept {
        return finished_ || (stop_ != Stop::none && writing_ == 0);
    }

    std::condition_variable over_;
    std::optional<base::Error> shortage_;  // the first
    std::atomic<Stop> stop_ = Stop::none;
    std::atomic<Clock::time_point> deadline_ = Clock::time_point::max();
    bool finished_ = false;
    Clock::time_point finished_at_;
    int writing_ = 0;
};

}  // namespace kf::engine
