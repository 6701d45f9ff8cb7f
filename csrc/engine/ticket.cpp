#include "engine/ticket.hpp"

#include <algorithm>
#include <utility>

namespace kf {

Ticket::Ticket(std::optional<Clock::duration> timeout, std::shared_ptr<ThreadPool> io) : io_(std::move(io)) {
    if (timeout) deadline_ = Clock::now() + *timeout;
}

bool Ticket::wait_for(Clock::duration duration) {
    const auto until = Clock::now() + duration;
    std::unique_lock lock(mutex_);
    const auto is_over = [this] { return finished_ || (stop_ != Stop::none && writing_ == 0); };
    while (!is_over()) {
        const auto now = Clock::now();
        if (deadline_ && stop_ == Stop::none && now >= *deadline_) {
            lock.unlock();
            stop(Stop::timed_out);
            lock.lock();
            continue;
        }
        if (now >= until) return false;
        over_.wait_until(lock, deadline_ && stop_ == Stop::none ? std::min(until, *deadline_) : until);
    }
    return true;
}

void Ticket::cancel() {
    stop(Stop::cancelled);
}

bool Ticket::stopped() noexcept {
    if (stop_ != Stop::none) return true;
    if (!deadline_ || Clock::now() < *deadline_) return false;
    stop(Stop::timed_out);
    return true;
}

void Ticket::stop(Stop why) {
    const std::scoped_lock lock(mutex_);
    if (stop_ != Stop::none || finished_) return;
    stop_ = why;
    // Whoever is reading now may never come back.
    while (replaced_ < reading_ && io_->replace_one()) ++replaced_;
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
    --writing_;
    over_.notify_all();
}

bool Ticket::begin_reading() {
    const std::scoped_lock lock(mutex_);
    if (stop_ != Stop::none) return false;
    ++reading_;
    return true;
}

void Ticket::end_reading() {
    const std::scoped_lock lock(mutex_);
    --reading_;
    if (replaced_ > reading_) {
        --replaced_;
        io_->retire_one();
    }
}

void Ticket::finish() {
    const std::scoped_lock lock(mutex_);
    finished_ = true;
    over_.notify_all();
}

}  // namespace kf
