#include "engine/ticket.hpp"

#include <algorithm>
#include <utility>

namespace kf::engine {

Ticket::Ticket(std::optional<Clock::duration> timeout, std::shared_ptr<ThreadPool> io, int max_reads)
    : io_(std::move(io)), reading_(io_->make_group(std::make_shared<TaskLimit>(max_reads))) {
    if (timeout) set_timeout(*timeout);
}

void Ticket::set_timeout(Clock::duration timeout) noexcept {
    deadline_ = Clock::now() + timeout;
}

double Ticket::seconds_since_done() {
    const std::scoped_lock lock(mutex_);
    return finished_ ? std::chrono::duration<double>(Clock::now() - finished_at_).count() : 0.0;
}

bool Ticket::is_over() {
    const std::scoped_lock lock(mutex_);
    return nobody_writes_any_more();
}

bool Ticket::wait_for(Clock::duration duration) {
    const auto until = Clock::now() + duration;
    std::unique_lock lock(mutex_);
    while (!nobody_writes_any_more()) {
        const auto now = Clock::now();
        const auto deadline = stop_ == Stop::none ? deadline_.load() : Clock::time_point::max();
        if (now >= deadline) {
            lock.unlock();
            stop(Stop::timed_out);
            lock.lock();
            continue;
        }
        if (now >= until) {
            lock.unlock();
            io_->replace_stuck_thread();
            return false;
        }
        over_.wait_until(lock, std::min(until, deadline));
    }
    return true;
}

void Ticket::cancel() {
    stop(Stop::cancelled);
}

void Ticket::give_up(base::Error shortage) noexcept {
    {
        const std::scoped_lock lock(mutex_);
        if (!shortage_) shortage_ = std::move(shortage);
    }
    stop(Stop::gave_up);
}

void Ticket::throw_if_gave_up() const {
    if (shortage_) throw base::Failure(*shortage_);
}

bool Ticket::stopped() noexcept {
    if (stop_ != Stop::none) return true;
    if (Clock::now() < deadline_.load()) return false;
    stop(Stop::timed_out);
    return true;
}

void Ticket::stop(Stop why) {
    const std::scoped_lock lock(mutex_);
    if (stop_ != Stop::none || finished_) return;
    stop_ = why;
    io_->abandon_tasks_of(*reading_);  // the reads under way may never return
    on_stop();
    over_.notify_all();
}

bool Ticket::begin_writing() {
    const std::scoped_lock lock(mutex_);
    if (stop_ != Stop::none) return false;
    ++writing_;
    return true;
}

void Ticket::end_writing() {
    const std::scoped_lock lock(mutex_);
    if (--writing_ == 0 && stop_ != Stop::none) over_.notify_all();
}

void Ticket::finish() {
    {
        const std::scoped_lock lock(mutex_);
        finished_ = true;
        finished_at_ = Clock::now();
    }
    over_.notify_all();  // after unlocking: a thread that wakes up finds the lock free
}

}  // namespace kf::engine
