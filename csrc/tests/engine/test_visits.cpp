// Threads of one pool that visit another one. Tests wait for what must happen, without a limit of time.
#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <thread>

#include "blocker.hpp"
#include "engine/thread_pool.hpp"

using kf::engine::TaskGroup;
using kf::engine::ThreadPool;
using kf::tests::Blocker;
using kf::tests::group_of;

namespace {

/// `io` visits `workers`, which may have two threads; the one that it has is kept busy.
struct Pools {
    explicit Pools(int worker_threads, int io_threads)
        : workers(std::make_shared<ThreadPool>(worker_threads, nullptr)), io(io_threads, nullptr, workers) {
        workers->submit(group_of(*workers, 1), 0, busy.task());
        worker = busy.wait();
    }
    /// A read that leaves a task for a visitor; gives the read's thread.
    [[nodiscard]] std::future<std::thread::id> read(const std::shared_ptr<TaskGroup>& group, ThreadPool::Task then) {
        const auto reader = std::make_shared<std::promise<std::thread::id>>();
        io.submit(group, 0, [this, reader, then = std::move(then)] {
            reader->set_value(std::this_thread::get_id());
            workers->submit_for_visitor(decoding, 0, then);
        });
        return reader->get_future();
    }

    std::shared_ptr<ThreadPool> workers;
    ThreadPool io;
    const std::shared_ptr<TaskGroup> decoding = group_of(*workers, 4);
    const std::shared_ptr<TaskGroup> reading = group_of(io, 4);
    Blocker busy;
    std::thread::id worker;
};

}  // namespace

TEST_CASE("a thread runs the task that its own task left in the next pool") {
    Pools pools(2, 1);
    Blocker decoder;
    const auto reader = pools.read(pools.reading, decoder.task()).get();
    CHECK(decoder.wait() == reader);
    decoder.let_go();
    pools.busy.let_go();
}

TEST_CASE("a visitor runs every task that is ready") {
    Pools pools(2, 1);
    Blocker first;
    Blocker second;
    const auto reader = pools.read(pools.reading, first.task()).get();
    CHECK(first.wait() == reader);
    pools.workers->submit_for_visitor(pools.decoding, 0, second.task());
    first.let_go();
    CHECK(second.wait() == reader);
    second.let_go();
    pools.busy.let_go();
}

TEST_CASE("a visitor never makes the pool run more tasks than it may have threads") {
    Pools pools(1, 1);
    Blocker decoder;
    (void)pools.read(pools.reading, decoder.task()).get();
    Blocker next_read;  // its begin proves that the thread did not go on a visit
    pools.io.submit(pools.reading, 0, next_read.task());
    (void)next_read.wait();
    pools.busy.let_go();
    CHECK(decoder.wait() == pools.worker);
    decoder.let_go();
    next_read.let_go();
}

TEST_CASE("a thread that its own pool needs visits nobody: a thread of the other pool is woken or started") {
    Pools pools(2, 1);
    Blocker reads_first;
    Blocker decoder;
    pools.io.submit(pools.reading, 9, reads_first.task());
    const auto reader = reads_first.wait();
    auto second = pools.read(pools.reading, decoder.task());
    Blocker third;
    pools.io.submit(pools.reading, -1, third.task());
    reads_first.let_go();
    CHECK(second.get() == reader);
    CHECK(third.wait() == reader);  // while the decoder's task is not over
    CHECK(decoder.wait() != reader);
    third.let_go();
    decoder.let_go();
    pools.busy.let_go();
}

TEST_CASE("while a thread is on a visit, another one takes its place") {
    Pools pools(2, 1);
    Blocker decoder;
    const auto reader = pools.read(pools.reading, decoder.task()).get();
    CHECK(decoder.wait() == reader);
    Blocker read;
    pools.io.submit(pools.reading, 0, read.task());
    CHECK(read.wait() != reader);
    read.let_go();
    decoder.let_go();
    Blocker last;  // the thread that came back, or the one that took its place, leaves; the other works
    pools.io.submit(pools.reading, 0, last.task());
    (void)last.wait();
    last.let_go();
    pools.busy.let_go();
}
