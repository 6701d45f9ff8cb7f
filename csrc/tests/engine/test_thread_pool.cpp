// Real threads. Tests wait for what must happen, without a limit of time, and never for what must not happen.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "blocker.hpp"
#include "engine/thread_pool.hpp"

using kf::engine::ForkGate;
using kf::engine::TaskLimit;
using kf::engine::ThreadPool;
using kf::tests::block;
using kf::tests::Blocker;
using kf::tests::group_of;

namespace {

/// What tasks did, in order.
class Log {
public:
    [[nodiscard]] ThreadPool::Task entry(int number) {
        return [this, number] {
            const std::scoped_lock lock(mutex_);
            numbers_.push_back(number);
        };
    }
    [[nodiscard]] std::vector<int> numbers() {
        const std::scoped_lock lock(mutex_);
        return numbers_;
    }
    void wait_for(std::size_t count) {
        while (numbers().size() < count) std::this_thread::yield();
    }

private:
    std::mutex mutex_;
    std::vector<int> numbers_;
};

}  // namespace

TEST_CASE("groups run in the order they were made, their tasks by cost and then by age") {
    Log log;
    ThreadPool pool(1, nullptr);
    const auto first = group_of(pool, 4);
    const auto second = group_of(pool, 4);
    const auto third = group_of(pool, 4);
    Blocker blocker;
    block(pool, first, blocker);
    pool.submit(third, 9, log.entry(30));
    pool.submit(second, 1, log.entry(21));
    pool.submit(second, 5, log.entry(25));
    pool.submit(second, 1, log.entry(22));
    pool.submit(first, 0, log.entry(10));
    blocker.let_go();
    log.wait_for(5);
    CHECK(log.numbers() == std::vector{10, 25, 21, 22, 30});
}

TEST_CASE("a group at its limit lets later groups run, and groups may share a limit") {
    Log log;
    ThreadPool pool(2, nullptr);
    const auto limit = std::make_shared<TaskLimit>(1);
    const auto first = pool.make_group(limit);
    const auto sharing = pool.make_group(limit);
    const auto other = group_of(pool, 1);
    Blocker blocker;
    block(pool, first, blocker);
    pool.submit(first, 0, log.entry(1));
    pool.submit(sharing, 0, log.entry(2));
    pool.submit(other, 0, log.entry(3));
    log.wait_for(1);
    CHECK(log.numbers() == std::vector{3});
    blocker.let_go();
    log.wait_for(3);
    CHECK(log.numbers() == std::vector{3, 1, 2});
}

TEST_CASE("a task never runs beside more of its group than the limit allows") {
    ThreadPool pool(4, nullptr);
    const auto group = group_of(pool, 2);
    std::atomic<int> running = 0;
    std::atomic<int> most = 0;
    std::atomic<int> done = 0;
    for (int i = 0; i < 200; ++i) {
        pool.submit(group, i, [&] {
            const int now = ++running;
            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
            }
            std::this_thread::yield();
            --running;
            ++done;
        });
    }
    while (done < 200) std::this_thread::yield();
    CHECK(most <= 2);
}

TEST_CASE("a stuck thread is replaced for somebody who waits") {
    Log log;
    ThreadPool pool(1, nullptr);
    const auto stuck = group_of(pool, 1);
    Blocker blocker;
    block(pool, stuck, blocker);
    pool.submit(group_of(pool, 1), 0, log.entry(1));
    while (log.numbers().empty()) pool.replace_stuck_thread();
    blocker.let_go();
    pool.submit(group_of(pool, 1), 0, log.entry(2));
    log.wait_for(2);
}

TEST_CASE("the threads of abandoned tasks are replaced at once") {
    Log log;
    ThreadPool pool(2, nullptr);
    const auto dead = group_of(pool, 2);
    Blocker one;
    block(pool, dead, one);
    Blocker two;
    block(pool, dead, two);
    const auto alive = group_of(pool, 2);
    pool.submit(alive, 0, log.entry(1));
    pool.abandon_tasks_of(*dead);
    log.wait_for(1);
    one.let_go();
    two.let_go();
    pool.submit(alive, 0, log.entry(2));
    log.wait_for(2);
}

TEST_CASE("a pool grows") {
    Log log;
    ThreadPool pool(1, nullptr);
    const auto group = group_of(pool, 2);
    Blocker blocker;
    block(pool, group, blocker);
    pool.submit(group, 0, log.entry(1));
    pool.grow_to(2);
    log.wait_for(1);
    blocker.let_go();
}

TEST_CASE("a task owns what it captured no longer than it runs") {
    ThreadPool pool(1, nullptr);
    auto owned = std::make_shared<int>(1);
    const std::weak_ptr<int> watched = owned;
    pool.submit(group_of(pool, 1), 0, [kept = std::move(owned)] { (void)kept; });
    while (!watched.expired()) std::this_thread::yield();
}

TEST_CASE("a closed gate holds tasks between their checkpoints and lets none in") {
    const auto gate = std::make_shared<ForkGate>();
    ThreadPool pool(2, gate);
    const auto group = group_of(pool, 2);
    std::atomic<int> steps = 0;
    std::atomic<bool> end = false;
    std::atomic<bool> ended = false;
    pool.submit(group, 0, [&] {
        while (!end) {
            ++steps;
            gate->checkpoint();
        }
        ended = true;
    });
    while (steps == 0) std::this_thread::yield();
    gate->close();
    Log log;
    const int held = steps;
    pool.submit(group, 0, log.entry(1));
    for (int i = 0; i < 1000; ++i) std::this_thread::yield();
    CHECK(steps == held);
    CHECK(log.numbers().empty());
    gate->open();
    while (steps == held) std::this_thread::yield();
    log.wait_for(1);
    CHECK_FALSE(gate->inherited());
    end = true;
    while (!ended) std::this_thread::yield();
    gate->close();  // returns, because nobody is inside
    gate->open();
}
