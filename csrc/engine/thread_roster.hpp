// The threads of a pool: which of them wait, work or were replaced, and how many there may be. It starts and stops no
// thread and has no lock: the pool's lock guards it. The states of a thread:
//
//              begin_task               replace_longest                abandon
//    waiting ─────────────► working ───────────────────────► stuck ─────────────► abandoned
//       ▲                    │   └────────────────── abandon ─────────────────────►   │
//       │      end_task      ▼                                 ▼                      ▼
//       └────────────────────┴─────────────────────────────────┴──────────────────────┘
//
// A stuck or an abandoned thread is replaced: one more thread may be there for it. When its task ends after all, there is
// one thread too many, and the first thread that notices leaves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>

namespace kf::engine {

class TaskGroup;

class ThreadRoster {
public:
    enum class State : std::uint8_t {
        waiting,
        working,
        stuck,      ///< at a task for so long that another thread took its place
        abandoned,  ///< at a task that nobody waits for any more
    };
    struct Thread {
        State state = State::waiting;
        const TaskGroup* group = nullptr;  ///< of the task it is at
    };
    using Member = std::list<Thread>::iterator;

    /// Up to this many threads at least, besides those that are replaced.
    void want(std::size_t threads) noexcept;
    /// So many threads at most, besides those that are replaced.
    void limit(std::size_t threads) noexcept { wanted_ = threads; }
    [[nodiscard]] bool too_few() const noexcept { return threads_.size() < wanted_ + replaced_; }
    [[nodiscard]] bool too_many() const noexcept { return threads_.size() > wanted_ + replaced_; }
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }

    /// Throws std::bad_alloc.
    [[nodiscard]] Member add();
    /// The thread waits.
    void remove(Member thread) noexcept;

    void begin_task(Member thread, const TaskGroup& group) noexcept;
    void end_task(Member thread) noexcept;

    /// Replaces the thread that has been working for the longest time, unless too many are stuck already.
    void replace_longest() noexcept;
    /// Replaces every thread that is at a task of this group, as far as the number of replaced threads allows.
    void abandon(const TaskGroup& group) noexcept;

private:
    void replace(Thread& thread, State state) noexcept;

    std::list<Thread> threads_;  // those that are at a task are in the order in which they began it
    std::size_t wanted_ = 0;
    std::size_t waiting_ = 0;
    std::size_t replaced_ = 0;  // stuck or abandoned
};

}  // namespace kf::engine
