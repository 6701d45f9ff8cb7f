#include "engine/thread_pool.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "engine/thread_locals.hpp"

namespace kf::engine {
namespace {

constexpr auto stuck_after = std::chrono::milliseconds(200);

}  // namespace

struct ThreadPool::State {
    using Taken = TaskQueue::Taken;

    std::mutex mutex;
    std::shared_ptr<ForkGate> gate;
    std::shared_ptr<ThreadPool> next;
    TaskQueue queue;
    ThreadRoster roster;
    bool closed = false;

    /// With the lock held.
    Taken take() { return closed || roster.full() ? Taken{} : queue.take(); }

    /// Runs a task that was taken. The lock is free meanwhile.
    void run(std::unique_lock<std::mutex>& lock, Taken taken) noexcept {
        unlock_and_wake(lock);
        if (gate) gate->enter();
        taken.task();
        taken.task = nullptr;  // releases what the task owns before anything else is told that the task ended
        if (gate) gate->leave();
        lock.lock();
        queue.end_task(*taken.group);
    }

    /// Frees the lock. Where more tasks may begin than threads are awake for them, wakes one more, which does the same when
    /// it has taken a task.
    void unlock_and_wake(std::unique_lock<std::mutex>& lock) noexcept {
        const auto alarm = !roster.full() && roster.awake() < queue.may_begin() ? roster.wake_one() : nullptr;
        lock.unlock();
        if (alarm) alarm->notify_one();  // after unlocking: a thread that wakes up finds the lock free
    }
};

ThreadPool::ThreadPool(int threads, std::shared_ptr<ForkGate> gate, std::shared_ptr<ThreadPool> next)
    : state_(std::make_shared<State>()) {
    state_->gate = std::move(gate);
    state_->next = std::move(next);
    state_->roster.want(static_cast<std::size_t>(threads));
    const std::scoped_lock lock(state_->mutex);
    if (!start_thread(state_)) {
        throw base::Failure(base::ErrorCode::resources, base::Stage::plan, "the system starts no more threads",
                            std::generic_category().message(EAGAIN));
    }
}

ThreadPool::~ThreadPool() {
    const std::scoped_lock lock(state_->mutex);
    state_->closed = true;
    while (const auto alarm = state_->roster.wake_one()) alarm->notify_one();
}

std::shared_ptr<TaskGroup> ThreadPool::make_group(std::shared_ptr<TaskLimit> limit) {
    const std::scoped_lock lock(state_->mutex);
    return state_->queue.make_group(std::move(limit));
}

void ThreadPool::submit(const std::shared_ptr<TaskGroup>& group, std::int64_t cost, Task task) {
    std::unique_lock lock(state_->mutex);
    state_->queue.push(group, cost, std::move(task));
    start_threads(state_);
    state_->unlock_and_wake(lock);
}

void ThreadPool::submit_for_visitor(const std::shared_ptr<TaskGroup>& group, std::int64_t cost, Task task) {
    const std::scoped_lock lock(state_->mutex);
    state_->queue.push(group, cost, std::move(task));
}

void ThreadPool::visit() noexcept {
    std::unique_lock lock(state_->mutex);
    for (auto taken = state_->take(); taken.group; taken = state_->take()) {
        state_->roster.add_visitor();
        state_->run(lock, std::move(taken));
        state_->roster.remove_visitor();
    }
}

void ThreadPool::do_without_visitor() noexcept {
    std::unique_lock lock(state_->mutex);
    start_threads(state_);
    state_->unlock_and_wake(lock);
}

void ThreadPool::grow_to(int threads) {
    std::unique_lock lock(state_->mutex);
    state_->roster.want(static_cast<std::size_t>(threads));
    start_threads(state_);
    state_->unlock_and_wake(lock);
}

void ThreadPool::limit_to(int threads) {
    const std::scoped_lock lock(state_->mutex);
    state_->roster.limit(static_cast<std::size_t>(threads));
}

void ThreadPool::replace_stuck_thread() {
    std::unique_lock lock(state_->mutex);
    const auto since = state_->queue.waiting_since();
    if (state_->queue.may_begin() == 0 || TaskQueue::Clock::now() - since < stuck_after) return;
    if (state_->roster.waiting() == 0) {  // else a thread takes the task as soon as a busy machine lets it run
        state_->roster.replace_longest();
        start_threads(state_);
        state_->queue.wait_anew();
    }
    state_->unlock_and_wake(lock);
}

void ThreadPool::abandon_tasks_of(const TaskGroup& group) {
    std::unique_lock lock(state_->mutex);
    state_->roster.abandon(group);
    start_threads(state_);
    state_->unlock_and_wake(lock);
}

bool ThreadPool::start_thread(const std::shared_ptr<State>& state) noexcept {
    std::optional<ThreadRoster::Member> self;
    try {
        self = state->roster.add();
        const auto ready = std::make_shared<std::atomic<int>>(0);  // 1: the thread works, -1: it lacks memory
        std::thread([state, self = *self, ready] {
            const bool works = make_thread_locals();
            *ready = works ? 1 : -1;
            ready->notify_one();
            if (works) work(state, self);
        }).detach();
        ready->wait(0);
        if (*ready == 1) return true;
        state->roster.remove(*self);
        return false;
    } catch (const std::exception&) {
        if (self) state->roster.remove(*self);
        return false;
    }
}

/// Where the system starts no more threads, tasks take longer.
void ThreadPool::start_threads(const std::shared_ptr<State>& state) noexcept {
    while (state->roster.too_few() && state->roster.waiting() < state->queue.may_begin()) {
        if (!start_thread(state)) return;
    }
}

void ThreadPool::work(const std::shared_ptr<State>& state, ThreadRoster::Member self) noexcept {
    ThreadRoster& roster = state->roster;
    std::unique_lock lock(state->mutex);
    while (!state->closed && !roster.too_many()) {
        State::Taken taken = state->take();
        if (!taken.group) {
            roster.fall_asleep(self);
            self->alarm->wait(lock, [&] { return self->awake; });
            continue;
        }
        roster.begin_task(self, *taken.group);
        state->run(lock, std::move(taken));
        roster.end_task(self);
        if (state->next) visit_next(*state, lock, self);
    }
    roster.remove(self);
    state->unlock_and_wake(lock);
}

/// A thread that has ended a task runs what the task left in the next pool, unless it is needed here.
void ThreadPool::visit_next(State& state, std::unique_lock<std::mutex>& lock, ThreadRoster::Member self) noexcept {
    if (state.queue.may_begin() >= state.roster.waiting()) {
        lock.unlock();
        state.next->do_without_visitor();
        lock.lock();
        return;
    }
    state.roster.depart(self);
    state.unlock_and_wake(lock);
    state.next->visit();
    lock.lock();
    state.roster.come_back(self);
}

}  // namespace kf::engine
