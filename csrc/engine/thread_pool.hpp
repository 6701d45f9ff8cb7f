// Threads that run tasks. Tasks belong to groups (one per ticket) and run in the order of task_queue.hpp; a group never runs
// more tasks at once than its limit allows. Tasks must not throw.
//
// The threads of one pool may visit another one, whose tasks follow from theirs: a thread that has read bytes decodes them,
// so that no second thread has to wake up. A visitor stands for a thread of the pool that it visits, and stays there while
// tasks are ready. A thread does not leave its own pool where tasks are ready for it.
//
// A thread is never joined, because it may be stuck in a read that never returns. Therefore threads share the ownership of
// all that they use, and another thread takes the place of one that is stuck or abandoned (see thread_roster.hpp). Any
// thread may call anything here.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "engine/fork_gate.hpp"
#include "engine/task_queue.hpp"
#include "engine/thread_roster.hpp"

namespace kf::engine {

class ThreadPool {
public:
    using Task = engine::Task;

    /// threads: at most so many, which are started when tasks are ready for them. One is started at once, so that no task
    /// waits for ever: throws Failure (resources) where the system refuses it. gate: every task runs inside of it; may be
    /// nullptr. next: the pool that its threads visit; may be nullptr.
    ThreadPool(int threads, std::shared_ptr<ForkGate> gate, std::shared_ptr<ThreadPool> next = nullptr);
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;
    ~ThreadPool();

    [[nodiscard]] std::shared_ptr<TaskGroup> make_group(std::shared_ptr<TaskLimit> limit);
    /// Throws std::bad_alloc.
    void submit(const std::shared_ptr<TaskGroup>& group, std::int64_t cost, Task task);
    /// The same, for a task of a pool whose threads visit this one: no thread is woken before that task has ended. Throws
    /// std::bad_alloc.
    void submit_for_visitor(const std::shared_ptr<TaskGroup>& group, std::int64_t cost, Task task);

    /// At least this many threads from now on, as far as tasks are ready for them.
    void grow_to(int threads);
    /// At most so many threads from now on; those that are too many leave after their next task. For tests.
    void limit_to(int threads);
    /// For somebody who waits for a task: where a task is ready and no thread has taken one for a while, the thread that has
    /// been at its task for the longest time is replaced.
    void replace_stuck_thread();
    /// Nobody waits for the tasks of this group any more: every thread that is at one of them is replaced.
    void abandon_tasks_of(const TaskGroup& group);

private:
    struct State;
    /// For a thread of another pool: runs tasks as long as any may begin.
    void visit() noexcept;
    /// Lets a thread of this pool run a task that was left for a visitor.
    void do_without_visitor() noexcept;
    static void visit_next(State& state, std::unique_lock<std::mutex>& lock, ThreadRoster::Member self) noexcept;
    static void work(const std::shared_ptr<State>& state, ThreadRoster::Member self) noexcept;
    static bool start_thread(const std::shared_ptr<State>& state) noexcept;
    static void start_threads(const std::shared_ptr<State>& state) noexcept;
    std::shared_ptr<State> state_;
};

}  // namespace kf::engine
