#include "engine/thread_pool.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <exception>
#include <list>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "engine/thread_locals.hpp"

namespace kf::engine {
namespace {

constexpr auto stuck_after = std::chrono::milliseconds(200);

struct Ready {
    std::int64_t cost;
    std::uint64_t number;  // tasks of equal cost run in the order in which they were submitted
    ThreadPool::Task task;
};

struct LessUrgent {
    bool operator()(const Ready& a, const Ready& b) const noexcept {
        return a.cost != b.cost ? a.cost < b.cost : a.number > b.number;
    }
};

}  // namespace

class TaskGroup {
public:
    TaskGroup(std::uint64_t age, std::shared_ptr<TaskLimit> shared) : number(age), limit(std::move(shared)) {}
    const std::uint64_t number;  // groups are numbered in the order in which they were made
    const std::shared_ptr<TaskLimit> limit;
    std::vector<Ready> ready;  // a heap by LessUrgent
};

struct ThreadPool::State {
    struct Taken {
        std::shared_ptr<TaskGroup> group;  // null where no task may begin
        Task task;
    };

    std::mutex mutex;
    std::shared_ptr<ForkGate> gate;
    std::shared_ptr<ThreadPool> next;
    std::list<std::shared_ptr<TaskGroup>> groups;  // those with ready tasks, by number
    std::uint64_t next_group = 0;
    std::uint64_t next_number = 0;
    ThreadRoster roster;
    std::chrono::steady_clock::time_point waiting_since;  // since then no ready task has been taken
    bool closed = false;

    /// With the lock held: the first group that may run one more task.
    auto find_ready() {
        return std::find_if(groups.begin(), groups.end(),
                            [](const auto& group) { return group->limit->running < group->limit->max_parallel; });
    }

    /// With the lock held: how many threads the tasks keep busy that may run now. Groups that share a limit may count twice.
    std::size_t runnable() const noexcept {
        std::size_t tasks = 0;
        for (const auto& group : groups) {
            const int free = std::max(0, group->limit->max_parallel - group->limit->running);
            tasks += std::min(group->ready.size(), static_cast<std::size_t>(free));
        }
        return tasks;
    }

    /// With the lock held: the next task to run.
    Taken take() {
        const auto found = closed || roster.full() ? groups.end() : find_ready();
        if (found == groups.end()) return {};
        waiting_since = std::chrono::steady_clock::now();
        Taken taken{*found, {}};
        std::vector<Ready>& ready = taken.group->ready;
        std::pop_heap(ready.begin(), ready.end(), LessUrgent{});
        taken.task = std::move(ready.back().task);
        ready.pop_back();
        if (ready.empty()) groups.erase(found);
        ++taken.group->limit->running;
        return taken;
    }

    /// Runs a task that was taken. The lock is free meanwhile.
    void run(std::unique_lock<std::mutex>& lock, Taken taken) noexcept {
        unlock_and_wake(lock);
        if (gate) gate->enter();
        taken.task();
        taken.task = nullptr;  // releases what the task owns before anything else is told that the task ended
        if (gate) gate->leave();
        lock.lock();
        --taken.group->limit->running;
    }

    /// Frees the lock. Where more tasks may begin than threads are awake for them, wakes one more.
    void unlock_and_wake(std::unique_lock<std::mutex>& lock) noexcept {
        const auto alarm = !roster.full() && roster.awake() < runnable() ? roster.wake_one() : nullptr;
        lock.unlock();
        if (alarm) alarm->notify_one();  // after unlocking: a thread that wakes up finds the lock free
    }

    /// With the lock held: makes a task ready. Throws std::bad_alloc.
    void push(const std::shared_ptr<TaskGroup>& group, std::int64_t cost, Task task) {
        if (groups.empty()) waiting_since = std::chrono::steady_clock::now();
        group->ready.push_back({cost, next_number++, std::move(task)});
        try {
            if (group->ready.size() == 1) insert(group);
        } catch (...) {
            group->ready.pop_back();
            throw;
        }
        std::push_heap(group->ready.begin(), group->ready.end(), LessUrgent{});
    }

    /// With the lock held.
    void insert(const std::shared_ptr<TaskGroup>& group) {
        const auto later =
            std::find_if(groups.begin(), groups.end(), [&](const auto& other) { return other->number > group->number; });
        groups.insert(later, group);
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
    return std::make_shared<TaskGroup>(state_->next_group++, std::move(limit));
}

void ThreadPool::submit(const std::shared_ptr<TaskGroup>& group, std::int64_t cost, Task task) {
    std::unique_lock lock(state_->mutex);
    state_->push(group, cost, std::move(task));
    start_threads(state_);
    state_->unlock_and_wake(lock);
}

void ThreadPool::submit_for_visitor(const std::shared_ptr<TaskGroup>& group, std::int64_t cost, Task task) {
    const std::scoped_lock lock(state_->mutex);
    state_->push(group, cost, std::move(task));
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
    const std::scoped_lock lock(state_->mutex);
    state_->roster.want(static_cast<std::size_t>(threads));
    start_threads(state_);
}

void ThreadPool::limit_to(int threads) {
    const std::scoped_lock lock(state_->mutex);
    state_->roster.limit(static_cast<std::size_t>(threads));
}

void ThreadPool::replace_stuck_thread() {
    const std::scoped_lock lock(state_->mutex);
    const auto now = std::chrono::steady_clock::now();
    if (state_->find_ready() == state_->groups.end() || now - state_->waiting_since < stuck_after) return;
    // A waiting thread takes the task as soon as a busy machine lets it run.
    if (state_->roster.waiting() > 0) return;
    state_->roster.replace_longest();
    start_threads(state_);
    state_->waiting_since = now;
}

void ThreadPool::abandon_tasks_of(const TaskGroup& group) {
    const std::scoped_lock lock(state_->mutex);
    state_->roster.abandon(group);
    start_threads(state_);
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
    while (state->roster.too_few() && state->roster.waiting() < state->runnable()) {
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
    if (state.runnable() >= state.roster.waiting()) {
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
