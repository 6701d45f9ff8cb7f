#include <doctest/doctest.h>

#include <vector>

#include "engine/thread_pool.hpp"

using kf::engine::TaskLimit;
using kf::engine::ThreadPool;
using kf::engine::ThreadRoster;
using State = kf::engine::ThreadRoster::State;

namespace {

struct Roster {
    explicit Roster(std::size_t threads) {
        roster.want(threads);
        while (roster.too_few()) members.push_back(roster.add());
    }

    ThreadPool pool{1, nullptr};
    const std::shared_ptr<kf::engine::TaskGroup> group = pool.make_group(std::make_shared<TaskLimit>(1));
    const std::shared_ptr<kf::engine::TaskGroup> other = pool.make_group(std::make_shared<TaskLimit>(1));
    ThreadRoster roster;
    std::vector<ThreadRoster::Member> members;
};

}  // namespace

TEST_CASE("a roster wants as many threads as were ever asked for") {
    Roster made(2);
    CHECK(made.members.size() == 2);
    made.roster.want(1);
    CHECK_FALSE(made.roster.too_many());
    made.roster.want(3);
    CHECK(made.roster.too_few());
}

TEST_CASE("the thread that has been working longest is replaced, and one leaves when it comes back") {
    Roster made(2);
    ThreadRoster& roster = made.roster;
    roster.begin_task(made.members[1], *made.group);
    CHECK(roster.waiting() == 1);
    roster.begin_task(made.members[0], *made.group);
    CHECK(roster.waiting() == 0);
    roster.replace_longest();
    CHECK(made.members[1]->state == State::stuck);
    CHECK(made.members[0]->state == State::working);
    REQUIRE(roster.too_few());
    (void)roster.add();
    CHECK_FALSE(roster.too_few());
    CHECK_FALSE(roster.too_many());
    roster.end_task(made.members[1]);
    CHECK(made.members[1]->state == State::waiting);
    REQUIRE(roster.too_many());
    roster.remove(made.members[1]);
    CHECK_FALSE(roster.too_many());
    roster.end_task(made.members[0]);
    CHECK_FALSE(roster.too_many());
}

TEST_CASE("a thread is replaced once, however often it is found stuck or abandoned") {
    Roster made(1);
    ThreadRoster& roster = made.roster;
    roster.begin_task(made.members[0], *made.group);
    roster.replace_longest();
    roster.replace_longest();
    roster.abandon(*made.group);
    roster.abandon(*made.group);
    CHECK(made.members[0]->state == State::abandoned);
    REQUIRE(roster.too_few());
    (void)roster.add();
    CHECK_FALSE(roster.too_few());
}

TEST_CASE("only the threads at tasks of the abandoned group are replaced") {
    Roster made(3);
    made.roster.begin_task(made.members[0], *made.group);
    made.roster.begin_task(made.members[1], *made.other);
    made.roster.abandon(*made.group);
    CHECK(made.members[0]->state == State::abandoned);
    CHECK(made.members[1]->state == State::working);
    CHECK(made.members[2]->state == State::waiting);
}

TEST_CASE("at most 32 threads are stuck; abandoned ones do not count among them, up to 256 in all") {
    Roster made(300);
    ThreadRoster& roster = made.roster;
    const auto count = [&made](State state) {
        std::size_t found = 0;
        for (const auto& thread : made.members) found += thread->state == state;
        return found;
    };
    for (std::size_t i = 0; i < 150; ++i) roster.begin_task(made.members[i], *made.group);
    for (int i = 0; i < 100; ++i) roster.replace_longest();
    CHECK(count(State::stuck) == 32);
    roster.abandon(*made.group);
    CHECK(count(State::abandoned) == 150);
    for (std::size_t i = 150; i < 300; ++i) roster.begin_task(made.members[i], *made.other);
    roster.replace_longest();
    CHECK(count(State::stuck) == 1);
    roster.abandon(*made.other);
    CHECK(count(State::abandoned) == 256);
    CHECK(count(State::working) == 44);
}

TEST_CASE("the thread that fell asleep last is woken first, and each of them once") {
    Roster made(3);
    ThreadRoster& roster = made.roster;
    CHECK(roster.awake() == 3);
    CHECK(roster.wake_one() == nullptr);
    for (const auto& member : made.members) roster.begin_task(member, *made.group);
    for (const std::size_t i : {1, 0, 2}) {
        roster.end_task(made.members[i]);
        roster.fall_asleep(made.members[i]);
    }
    CHECK(roster.awake() == 0);
    CHECK(roster.wake_one() == made.members[2]->alarm);
    CHECK(roster.wake_one() == made.members[0]->alarm);
    roster.begin_task(made.members[2], *made.group);
    CHECK(roster.awake() == 1);
    CHECK(roster.wake_one() == made.members[1]->alarm);
    CHECK(roster.wake_one() == nullptr);
}

TEST_CASE("a visitor counts as a thread that works, and a thread on a visit does not count") {
    Roster made(2);
    ThreadRoster& roster = made.roster;
    roster.begin_task(made.members[0], *made.group);
    CHECK_FALSE(roster.full());
    roster.add_visitor();
    CHECK(roster.full());
    roster.remove_visitor();
    CHECK_FALSE(roster.full());
    roster.depart(made.members[1]);
    CHECK(roster.waiting() == 0);
    REQUIRE(roster.too_few());
    const auto stand_in = roster.add();
    CHECK_FALSE(roster.too_few());
    roster.come_back(made.members[1]);
    CHECK(roster.waiting() == 2);
    REQUIRE(roster.too_many());
    roster.remove(stand_in);
    CHECK_FALSE(roster.too_many());
}
