#include "engine/thread_roster.hpp"

#include <algorithm>

namespace kf::engine {
namespace {

constexpr std::size_t max_replaced = 256;
constexpr std::ptrdiff_t max_stuck = 32;  // of these: a slow disk is no reason for hundreds of threads

}  // namespace

void ThreadRoster::want(std::size_t threads) noexcept {
    wanted_ = std::max(wanted_, threads);
}

ThreadRoster::Member ThreadRoster::add() {
    const Member thread = threads_.emplace(threads_.begin());
    ++waiting_;
    set_awake(*thread, true);
    return thread;
}

void ThreadRoster::remove(Member thread) noexcept {
    set_awake(*thread, false);
    threads_.erase(thread);
    --waiting_;
}

void ThreadRoster::begin_task(Member thread, const TaskGroup& group) noexcept {
    set_awake(*thread, false);
    --waiting_;
    thread->state = State::working;
    thread->group = &group;
    threads_.splice(threads_.end(), threads_, thread);
}

void ThreadRoster::end_task(Member thread) noexcept {
    if (thread->state != State::working) --replaced_;
    thread->state = State::waiting;
    thread->group = nullptr;
    threads_.splice(threads_.begin(), threads_, thread);
    ++waiting_;
    set_awake(*thread, true);
}

void ThreadRoster::set_awake(Thread& thread, bool awake) noexcept {
    awake_ += static_cast<std::size_t>(awake) - static_cast<std::size_t>(thread.awake);
    thread.awake = awake;
}

std::shared_ptr<std::condition_variable> ThreadRoster::wake_one() noexcept {
    for (Thread& thread : threads_) {
        if (thread.state != State::waiting) break;
        if (thread.awake) continue;
        set_awake(thread, true);
        return thread.alarm;
    }
    return nullptr;
}

void ThreadRoster::depart(Member thread) noexcept {
    set_awake(*thread, false);
    away_.splice(away_.begin(), threads_, thread);
    --waiting_;
}

void ThreadRoster::come_back(Member thread) noexcept {
    threads_.splice(threads_.begin(), away_, thread);
    ++waiting_;
    set_awake(*thread, true);
}

void ThreadRoster::replace_longest() noexcept {
    const auto in = [](State state) { return [state](const Thread& one) { return one.state == state; }; };
    if (std::count_if(threads_.begin(), threads_.end(), in(State::stuck)) >= max_stuck) return;
    const auto longest = std::find_if(threads_.begin(), threads_.end(), in(State::working));
    if (longest != threads_.end()) replace(*longest, State::stuck);
}

void ThreadRoster::abandon(const TaskGroup& group) noexcept {
    for (Thread& thread : threads_) {
        if (thread.group == &group) replace(thread, State::abandoned);
    }
}

void ThreadRoster::replace(Thread& thread, State state) noexcept {
    if (thread.state == State::working) {
        if (replaced_ == max_replaced) return;
        ++replaced_;
    }
    thread.state = state;
}

}  // namespace kf::engine
