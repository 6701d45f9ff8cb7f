// Who gets idle CPUs. The numbers of CPUs and threads come from the machine, so the tests work with what is there.
#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/cpu_budget.hpp"
#include "engine/idle_cpus.hpp"

using kf::engine::CallShare;
using kf::engine::IdleCpus;
using kf::engine::RunShare;
using kf::engine::TaskLimit;
using kf::engine::threads_worth;

namespace {

constexpr int any_number = 1024;  // of threads that a run is worth

/// Calls of one process.
struct Process {
    std::shared_ptr<IdleCpus> cpus = std::make_shared<IdleCpus>();
    [[nodiscard]] std::shared_ptr<CallShare> call(std::shared_ptr<TaskLimit> limit) const {
        return std::make_shared<CallShare>(cpus, std::move(limit));
    }
    [[nodiscard]] std::shared_ptr<CallShare> call() const { return call(std::make_shared<TaskLimit>(any_number)); }
};

/// What a decoder has where all CPUs but `others` are idle.
int threads_beside(int others) {
    const int cpus = kf::base::cpu_budget() - others;
    return cpus > 1 ? cpus + 1 : 1;
}

kf::index::FrameIndex index_of(int width, int height) {
    kf::index::FrameIndex index;
    index.width = width;
    index.height = height;
    return index;
}

}  // namespace

TEST_CASE("one run has all CPUs, and one thread more, so that no CPU waits") {
    const Process process;
    RunShare run(process.call());
    CHECK(run.open_decoder(any_number) == threads_beside(0));
    CHECK(run.helped() == (threads_beside(0) > 1));
}

TEST_CASE("a run that is not worth it works alone, and its CPUs stay idle") {
    const Process process;
    RunShare little(process.call());
    CHECK(little.open_decoder(1) == 1);
    CHECK_FALSE(little.helped());
    RunShare other(process.call());
    CHECK(other.open_decoder(any_number) == threads_beside(1));
}

TEST_CASE("where runs are as many as CPUs, nobody is helped, whichever call they belong to") {
    const Process process;
    const auto call = process.call();
    std::vector<std::unique_ptr<RunShare>> runs;
    for (int i = 0; i < kf::base::cpu_budget(); ++i)
        runs.push_back(std::make_unique<RunShare>(i % 2 ? call : process.call()));
    for (const auto& run : runs) CHECK(run->open_decoder(any_number) == 1);
}

TEST_CASE("runs and helpers are never more than the CPUs") {
    const Process process;
    const auto call = process.call();
    for (int count = 1; count <= kf::base::cpu_budget(); ++count) {
        std::vector<std::unique_ptr<RunShare>> runs;
        for (int i = 0; i < count; ++i) runs.push_back(std::make_unique<RunShare>(call));
        int used = 0;
        for (const auto& run : runs) {
            const int threads = run->open_decoder(any_number);
            used += run->helped() ? threads - 1 : threads;  // one of them is spare
        }
        CHECK(used == kf::base::cpu_budget());
    }
}

TEST_CASE("a limit holds for the runs of all calls that share it, without a spare thread") {
    const Process process;
    const int threads = kf::base::cpu_budget() - 1;
    if (threads < 1) return;
    const auto limit = std::make_shared<TaskLimit>(threads);
    RunShare one(process.call(limit));
    CHECK(one.open_decoder(any_number) == threads);
    RunShare other(process.call(limit));
    CHECK(other.open_decoder(any_number) == 1);
}

TEST_CASE("helpers come back when the run is over, works alone, or its call was stopped") {
    const Process process;
    std::optional<RunShare> over(process.call());
    CHECK(over->open_decoder(any_number) == threads_beside(0));
    over.reset();

    RunShare alone(process.call());
    CHECK(alone.open_decoder(any_number) == threads_beside(0));
    alone.work_alone();
    CHECK_FALSE(alone.helped());
    CHECK(alone.open_decoder(any_number) == 1);  // the passes of a damaged run have no helpers

    const auto call = process.call();
    RunShare stopped(call);
    CHECK(stopped.open_decoder(any_number) == threads_beside(1));
    call->leave();
    RunShare next(process.call());
    CHECK(next.open_decoder(any_number) == threads_beside(1));
}

TEST_CASE("tests force the number of threads") {
    const Process process;
    process.cpus->force(3);
    RunShare one(process.call(std::make_shared<TaskLimit>(1)));
    CHECK(one.open_decoder(1) == 3);
    process.cpus->force(0);
    RunShare other(process.call());
    CHECK(other.open_decoder(1) == 1);
}

TEST_CASE("long runs of large pictures are worth more threads") {
    const kf::plan::Run one{0, {0}};
    const kf::plan::Run ten_seconds{0, {249}};
    CHECK(threads_worth(index_of(1280, 720), one) == 1);
    CHECK(threads_worth(index_of(340, 256), one) == 1);
    CHECK(threads_worth(index_of(340, 256), {0, {29}}) == 2);
    CHECK(threads_worth(index_of(340, 256), ten_seconds) == 8);
    CHECK(threads_worth(index_of(1280, 720), ten_seconds) == 22);
}
