#include "engine/thread_pool.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
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
    std::mutex mutex;
    std::condition_variable changed;
    std::shared_ptr<ForkGate> gate;
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

    /// With the lock held: the next task to run and its group; nullptr where no group may run one more.
    std::shared_ptr<TaskGroup> take(Task& task) {
        const auto found = find_ready();
        if (found == groups.end()) return nullptr;
        waiting_since = std::chrono::steady_clock::now();
        std::shared_ptr<TaskGroup> group = *found;
        std::pop_heap(group->ready.begin(), group->ready.end(), LessUrgent{});
        task = std::move(group->ready.back().task);
        group->ready.pop_back();
        if (group->ready.empty()) groups.erase(found);
        ++group->limit->running;
        return group;
    }

    /// With the lock held.
    void insert(const std::shared_ptr<TaskGroup>& group) {
        const auto later =
            std::find_if(groups.begin(), groups.end(), [&](const auto& other) { return other->number > group->number; });
        groups.insert(later, group);
    }
};

ThreadPool::ThreadPool(int threads, std::shared_ptr<ForkGate> gate) : state_(std::make_shared<State>()) {
    state_->gate = std::move(gate);
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
    state_->changed.notify_all();
}

std::shared_ptr<TaskGroup> ThreadPool::make_group(std::shared_ptr<TaskLimit> limit) {
    const std::scoped_lock lock(state_->mutex);
    return std::make_shared<TaskGroup>(state_->next_group++, std::move(limit));
}

void ThreadPool::submit(const std::shared_ptr<TaskGroup>& group, std::int64_t cost, Task task) {
    {
        const std::scoped_lock lock(state_->mutex);
        if (state_->groups.empty()) state_->waiting_since = std::chrono::steady_clock::now();
        group->ready.push_back({cost, state_->next_number++, std::move(task)});
        try {
            if (group->ready.size() == 1) state_->insert(group);
        } catch (...) {
            group->ready.pop_back();
            throw;
        }
        std::push_heap(group->ready.begin(), group->ready.end(), LessUrgent{});
        start_threads(state_);
    }
    state_->changed.notify_one();
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
    // A waiting thread takes the task as soon as a busy machine lets it run. But its wake-up may have been lost: before
    // version 2.41, glibc loses some.
    if (state_->roster.waiting() > 0) return state_->changed.notify_all();
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
    std::unique_lock lock(state->mutex);
    while (!state->closed && !state->roster.too_many()) {
        Task task;
        const std::shared_ptr<TaskGroup> group = state->take(task);
        if (!group) {
            state->changed.wait(lock);
            continue;
        }
        state->roster.begin_task(self, *group);
        lock.unlock();
        if (state->gate) state->gate->enter();
        task();
        task = nullptr;  // releases what the task owns before anything else is told that the task ended
        if (state->gate) state->gate->leave();
        lock.lock();
        --group->limit->running;
        state->roster.end_task(self);
        if (!state->groups.empty()) state->changed.notify_one();
    }
    state->roster.remove(self);
}

}  // namespace kf::engine
