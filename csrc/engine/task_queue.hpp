// The tasks of a pool that are ready, by group. Earlier groups come first; within a group the costliest task comes first,
// and of equal tasks the oldest. It runs nothing and has no lock: the pool's lock guards it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <utility>
#include <vector>

namespace kf::engine {

using Task = std::function<void()>;

/// Runs in flight and the threads that help their decoders (idle_cpus.hpp).
struct RunLoad {
    int runs = 0;
    int without_decoder = 0;  ///< of the runs
    int helpers = 0;
};

/// How many tasks run at once, of one group or of all groups of one pool that share the limit.
struct TaskLimit {
    explicit TaskLimit(int tasks) : max_parallel(tasks) {}
    const int max_parallel;
    int running = 0;  ///< the pool's lock guards it
    RunLoad load;     ///< the lock of IdleCpus guards it
};

class TaskGroup {
public:
    TaskGroup(std::uint64_t age, std::shared_ptr<TaskLimit> limit) : number_(age), limit_(std::move(limit)) {}

private:
    friend class TaskQueue;
    struct Ready {
        std::int64_t cost;
        std::uint64_t number;  // tasks are numbered in the order in which they were submitted
        Task task;
        friend bool operator<(const Ready& a, const Ready& b) noexcept {  // less urgent
            return a.cost != b.cost ? a.cost < b.cost : a.number > b.number;
        }
    };
    [[nodiscard]] std::size_t may_begin() const noexcept {
        return std::min(ready_.size(), static_cast<std::size_t>(std::max(0, limit_->max_parallel - limit_->running)));
    }

    const std::uint64_t number_;  // groups are numbered in the order in which they were made
    const std::shared_ptr<TaskLimit> limit_;
    std::vector<Ready> ready_;  // a heap
};

class TaskQueue {
public:
    using Clock = std::chrono::steady_clock;
    struct Taken {
        std::shared_ptr<TaskGroup> group;  ///< null where no task may begin
        Task task;
    };

    /// Throws std::bad_alloc.
    [[nodiscard]] std::shared_ptr<TaskGroup> make_group(std::shared_ptr<TaskLimit> limit) {
        return std::make_shared<TaskGroup>(next_group_++, std::move(limit));
    }

    /// Throws std::bad_alloc.
    void push(const std::shared_ptr<TaskGroup>& group, std::int64_t cost, Task task) {
        if (groups_.empty()) waiting_since_ = Clock::now();
        group->ready_.push_back({cost, next_number_++, std::move(task)});
        try {
            if (group->ready_.size() == 1) insert(group);
        } catch (...) {
            group->ready_.pop_back();
            throw;
        }
        std::push_heap(group->ready_.begin(), group->ready_.end());
    }

    /// The next task that its limit lets begin; it runs from now on.
    [[nodiscard]] Taken take() {
        const auto found =
            std::find_if(groups_.begin(), groups_.end(), [](const auto& group) { return group->may_begin() > 0; });
        if (found == groups_.end()) return {};
        waiting_since_ = Clock::now();
        Taken taken{*found, {}};
        auto& ready = taken.group->ready_;
        std::pop_heap(ready.begin(), ready.end());
        taken.task = std::move(ready.back().task);
        ready.pop_back();
        if (ready.empty()) groups_.erase(found);
        ++taken.group->limit_->running;
        return taken;
    }
    /// A task of this group runs no more.
    void end_task(const TaskGroup& group) noexcept { --group.limit_->running; }

    /// How many threads the tasks keep busy that may begin now. Groups that share a limit may count twice.
    [[nodiscard]] std::size_t may_begin() const noexcept {
        std::size_t tasks = 0;
        for (const auto& group : groups_) tasks += group->may_begin();
        return tasks;
    }
    /// Since then no ready task has been taken.
    [[nodiscard]] Clock::time_point waiting_since() const noexcept { return waiting_since_; }
    void wait_anew() noexcept { waiting_since_ = Clock::now(); }

private:
    void insert(const std::shared_ptr<TaskGroup>& group) {
        const auto later =
            std::find_if(groups_.begin(), groups_.end(), [&](const auto& other) { return other->number_ > group->number_; });
        groups_.insert(later, group);
    }

    std::list<std::shared_ptr<TaskGroup>> groups_;  // those with ready tasks, by number
    std::uint64_t next_group_ = 0;
    std::uint64_t next_number_ = 0;
    Clock::time_point waiting_since_;
};

}  // namespace kf::engine
