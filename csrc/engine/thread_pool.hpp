// Threads that run tasks. Tasks come in groups (one a ticket): earlier groups first, within a group the costliest first, and
// never more of a group at once than it allows. Threads are never joined, since one may be stuck in a read that never
// returns; they share ownership of everything they touch. Any thread may call. Tasks must not throw.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "engine/fork_gate.hpp"

namespace kf {

class TaskGroup;

class ThreadPool {
public:
    using Task = std::function<void()>;

    /// gate: entered around every task where given.
    ThreadPool(int threads, std::shared_ptr<ForkGate> gate);
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;
    ~ThreadPool();

    [[nodiscard]] static std::shared_ptr<TaskGroup> make_group(int max_parallel);
    void submit(const std::shared_ptr<TaskGroup>& group, std::int64_t cost, Task task);

    /// At least this many threads from now on.
    void grow_to(int threads);
    /// A thread is stuck: another one takes its place until `retire_one`. At most 64 are replaced at a time.
    [[nodiscard]] bool replace_one();
    void retire_one();

private:
    struct State;
    static void work(const std::shared_ptr<State>& state) noexcept;
    static void start_threads(const std::shared_ptr<State>& state);
    std::shared_ptr<State> state_;
};

}  // namespace kf
