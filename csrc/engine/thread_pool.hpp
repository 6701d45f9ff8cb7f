// Threads that run tasks. Tasks come in groups (one a ticket): groups in the order they were made, within a group the
// costliest first, and never more at once than its limit allows. Threads are never joined, since one may be stuck in a read
// that never returns; they share ownership of everything they touch. One that is replaced has another thread in its place
// until it is done with its task; then one of them leaves. Any thread may call. Tasks must not throw.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>

#include "engine/fork_gate.hpp"

namespace kf::engine {

class TaskGroup;

/// How many tasks run at once, of one group or of all groups that share it. Groups of one pool, whose lock guards it.
struct TaskLimit {
    explicit TaskLimit(int tasks) : max_parallel(tasks) {}
    const int max_parallel;
    int running = 0;
};

class ThreadPool {
public:
    using Task = std::function<void()>;

    /// gate: entered around every task where given.
    ThreadPool(int threads, std::shared_ptr<ForkGate> gate);
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;
    ~ThreadPool();

    [[nodiscard]] std::shared_ptr<TaskGroup> make_group(std::shared_ptr<TaskLimit> limit);
    void submit(const std::shared_ptr<TaskGroup>& group, std::int64_t cost, Task task);

    /// At least this many threads from now on.
    void grow_to(int threads);
    /// Somebody waits: where a task is ready and every thread has been at another one for a while, one of them is replaced.
    void relieve();
    /// The threads that are at tasks of this group may never come back: they are replaced.
    void give_up(const TaskGroup& group);

private:
    struct State;
    struct Thread;
    static void work(const std::shared_ptr<State>& state, std::list<Thread>::iterator self) noexcept;
    static void start_threads(const std::shared_ptr<State>& state);
    std::shared_ptr<State> state_;
};

}  // namespace kf::engine
