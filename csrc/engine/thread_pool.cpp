#include "engine/thread_pool.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <list>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace kf::engine {
namespace {

constexpr std::size_t max_replaced = 256;
constexpr int max_relieved = 32;  // of these
constexpr auto patience = std::chrono::milliseconds(200);

struct Ready {
    std::int64_t cost;
    std::uint64_t number;  // equal costs: in the order they came
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
    const std::uint64_t number;  // in the order they were made
    const std::shared_ptr<TaskLimit> limit;
    std::vector<Ready> ready;  // a heap by LessUrgent
};

struct ThreadPool::Thread {
    const TaskGroup* group = nullptr;  // of the task it is at
    bool replaced = false;             // until that task is done
    bool given_up = false;             // and not only relieved
};

struct ThreadPool::State {
    std::mutex mutex;
    std::condition_variable changed;
    std::shared_ptr<ForkGate> gate;
    std::list<std::shared_ptr<TaskGroup>> groups;  // those with ready tasks, earliest first
    std::uint64_t next_group = 0;
    std::uint64_t next_number = 0;
    std::list<Thread> threads;       // those at a task in the order they took it
    std::size_t wanted_threads = 0;  // and one more for each that is replaced
    std::size_t replaced = 0;
    std::chrono::steady_clock::time_point waiting_since;  // for a thread: the tasks that are ready, where there are any
    bool closed = false;

    /// With the lock held: the first group that may run a task.
    auto find_ready() {
        return std::find_if(groups.begin(), groups.end(),
                            [](const auto& group) { return group->limit->running < group->limit->max_parallel; });
    }

    /// With the lock held: the next task to run, none where all wait for their turn.
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

    /// With the lock held: one more thread may come for it.
    void replace(Thread& thread) noexcept {
        if (thread.replaced || replaced == max_replaced) return;
        thread.replaced = true;
        ++replaced;
    }

    void insert(const std::shared_ptr<TaskGroup>& group) {
        const auto later =
            std::find_if(groups.begin(), groups.end(), [&](const auto& other) { return other->number > group->number; });
        groups.insert(later, group);
    }
};

ThreadPool::ThreadPool(int threads, std::shared_ptr<ForkGate> gate) : state_(std::make_shared<State>()) {
    state_->gate = std::move(gate);
    grow_to(threads);
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
        if (group->ready.empty()) state_->insert(group);
        group->ready.push_back({cost, state_->next_number++, std::move(task)});
        std::push_heap(group->ready.begin(), group->ready.end(), LessUrgent{});
    }
    state_->changed.notify_one();
}

void ThreadPool::grow_to(int threads) {
    const std::scoped_lock lock(state_->mutex);
    state_->wanted_threads = std::max(state_->wanted_threads, static_cast<std::size_t>(threads));
    start_threads(state_);
}

void ThreadPool::relieve() {
    const std::scoped_lock lock(state_->mutex);
    const auto now = std::chrono::steady_clock::now();
    if (state_->find_ready() == state_->groups.end() || now - state_->waiting_since < patience) return;
    int relieved = 0;
    Thread* longest = nullptr;
    for (Thread& thread : state_->threads) {
        // It is free, and comes when a busy machine lets it; unless its wake-up was lost, as some may be before glibc 2.41.
        if (thread.group == nullptr) return state_->changed.notify_all();
        relieved += thread.replaced && !thread.given_up;
        if (longest == nullptr && !thread.replaced) longest = &thread;
    }
    if (longest != nullptr && relieved < max_relieved) state_->replace(*longest);
    start_threads(state_);
    state_->waiting_since = now;
}

void ThreadPool::give_up(const TaskGroup& group) {
    const std::scoped_lock lock(state_->mutex);
    for (Thread& thread : state_->threads) {
        if (thread.group != &group) continue;
        state_->replace(thread);
        thread.given_up = true;
    }
    start_threads(state_);
}

void ThreadPool::start_threads(const std::shared_ptr<State>& state) {
    auto& threads = state->threads;
    while (threads.size() < state->wanted_threads + state->replaced) {
        try {
            std::list<Thread> added(1);
            std::thread([state, self = added.begin()] { work(state, self); }).detach();
            threads.splice(threads.end(), added);
        } catch (const std::exception&) {
            if (threads.empty()) throw;  // fewer threads are slower, none would never finish
            return;
        }
    }
}

void ThreadPool::work(const std::shared_ptr<State>& state, std::list<Thread>::iterator self) noexcept {
    std::unique_lock lock(state->mutex);
    while (!state->closed && state->threads.size() <= state->wanted_threads + state->replaced) {
        Task task;
        const std::shared_ptr<TaskGroup> group = state->take(task);
        if (!group) {
            state->changed.wait(lock);
            continue;
        }
        self->group = group.get();
        state->threads.splice(state->threads.end(), state->threads, self);
        lock.unlock();
        if (state->gate) state->gate->enter();
        task();
        task = nullptr;  // what it held is let go before anybody is told
        if (state->gate) state->gate->leave();
        lock.lock();
        --group->limit->running;
        if (self->replaced) --state->replaced;
        *self = {};
        if (!state->groups.empty()) state->changed.notify_one();
    }
    state->threads.erase(self);
}

}  // namespace kf::engine
