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
//
// A waiting thread may go on a visit to another pool, and does not count here until it is back. A visitor of this pool
// counts as a thread that works.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>

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
        /// On which it sleeps. Shared, so that it can be woken when the pool's lock is free.
        std::shared_ptr<std::condition_variable> alarm = std::make_shared<std::condition_variable>();
        bool awake = false;  ///< or on its way
    };
    using Member = std::list<Thread>::iterator;

    /// Up to this many threads at least, besides those that are replaced.
    void want(std::size_t threads) noexcept;
    /// So many threads at most, besides those that are replaced.
    void limit(std::size_t threads) noexcept { wanted_ = threads; }
    [[nodiscard]] bool too_few() const noexcept { return threads_.size() + visitors_ < wanted_ + replaced_; }
    [[nodiscard]] bool too_many() const noexcept { return threads_.size() > wanted_ + replaced_; }
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
    /// No further task may begin, because as many threads and visitors work as there may be threads.
    [[nodiscard]] bool full() const noexcept { return threads_.size() - waiting_ + visitors_ >= wanted_ + replaced_; }

    /// The thread waits, and is awake. Throws std::bad_alloc.
    [[nodiscard]] Member add();
    /// The thread waits.
    void remove(Member thread) noexcept;

    void begin_task(Member thread, const TaskGroup& group) noexcept;
    void end_task(Member thread) noexcept;

    /// The thread waits, and sleeps from now on.
    void fall_asleep(Member thread) noexcept { set_awake(*thread, false); }
    /// The alarm of a thread to be woken: of those that sleep, the one that did so last, whose caches and memory are warm.
    /// Null where none sleeps.
    [[nodiscard]] std::shared_ptr<std::condition_variable> wake_one() noexcept;
    /// How many threads wait and are awake: each of them is going to look for a task.
    [[nodiscard]] std::size_t awake() const noexcept { return awake_; }

    /// The thread waits, and goes on a visit.
    void depart(Member thread) noexcept;
    void come_back(Member thread) noexcept;
    void add_visitor() noexcept { ++visitors_; }
    void remove_visitor() noexcept { --visitors_; }

    /// Replaces the thread that has been working for the longest time, unless too many are stuck already.
    void replace_longest() noexcept;
    /// Replaces every thread that is at a task of this group, as far as the number of replaced threads allows.
    void abandon(const TaskGroup& group) noexcept;

private:
    void replace(Thread& thread, State state) noexcept;
    void set_awake(Thread& thread, bool awake) noexcept;

    // Those that wait come first, who began to wait last in front; then those that are at a task, in the order in which they
    // began it.
    std::list<Thread> threads_;
    std::list<Thread> away_;
    std::size_t visitors_ = 0;
    std::size_t wanted_ = 0;
    std::size_t waiting_ = 0;
    std::size_t awake_ = 0;     // of those that wait
    std::size_t replaced_ = 0;  // stuck or abandoned
};

}  // namespace kf::engine
