// Hand-made indices: P a packet that others refer to, b one that none refers to, I an entry. The numbers are presentation
// order.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "made_index.hpp"
#include "plan/runs.hpp"

using kf::plan::end_of_run;
using kf::plan::plan_runs;
using kf::plan::Run;
using kf::tests::made_index;

namespace {

using Ordinals = std::vector<std::int32_t>;

std::vector<Run> runs_of(const kf::index::FrameIndex& index, std::vector<std::int64_t> frames) {
    return plan_runs(index, frames);
}

}  // namespace

TEST_CASE("frames of one entry are one run, in any order and repeated") {
    const auto index = made_index("I0 P1 P2 I3 P4 P5");
    const auto runs = runs_of(index, {5, 1, 4, 1});
    REQUIRE(runs.size() == 2);
    CHECK(runs[0].entry == 0);
    CHECK(runs[0].wanted == Ordinals{1});
    CHECK(runs[1].entry == 3);
    CHECK(runs[1].wanted == Ordinals{4, 5});
    CHECK(runs[1].last() == 5);
    CHECK(runs[1].packets() == 3);
    CHECK(runs[1].wants(4));
    CHECK_FALSE(runs[1].wants(3));
}

TEST_CASE("a leading picture is decoded from the entry before its own") {
    const auto index = made_index("I0 P1 I4 b2 b3 P5");
    CHECK(runs_of(index, {2}).front().entry == 0);
    CHECK(runs_of(index, {2}).front().wanted == Ordinals{3});
    CHECK(runs_of(index, {4}).front().entry == 2);
    CHECK(runs_of(index, {5}).front().entry == 2);
}

TEST_CASE("a picture that an entry precedes in decode order alone skips that entry") {
    const auto index = made_index("I0 I3 I6 P1 P5 P7");
    CHECK(runs_of(index, {1}).front().entry == 0);
    CHECK(runs_of(index, {3}).front().entry == 1);
    CHECK(runs_of(index, {5}).front().entry == 2);
}

TEST_CASE("without an entry a run begins at the first packet") {
    const auto index = made_index("P0 P1 P2 I3");
    CHECK(runs_of(index, {2}).front().entry == 0);
    CHECK(runs_of(index, {3}).front().entry == 3);
}

TEST_CASE("a leading picture of the first entry is decoded from the first packet") {
    const auto index = made_index("P0 I3 b1 P4");
    CHECK(runs_of(index, {1}).front().entry == 0);
}

TEST_CASE("a wanted picture of two fields is wanted with both of its packets") {
    auto index = made_index("I0 P0 P1 P1");
    for (const std::size_t second : {1U, 3U}) index.packets[second].completes_previous = true;
    index.frames = {{0, 0, 0}, {1, 2, 0}};
    const auto runs = runs_of(index, {0, 1});
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].wanted == Ordinals{0, 1, 2, 3});
    CHECK(runs_of(index, {1}).front().wanted == Ordinals{2, 3});
}

TEST_CASE("two pictures of one packet want that packet once") {
    auto index = made_index("I0 P1 P2");
    index.frames = {{0, 0, 0}, {1, 1, 0}, {2, 1, 1}, {3, 2, 0}};
    CHECK(runs_of(index, {1, 2}).front().wanted == Ordinals{1});
}

TEST_CASE("nothing wanted is no run") {
    CHECK(runs_of(made_index("I0 P1"), {}).empty());
}

TEST_CASE("a run ends before the next entry, or with the pictures that lead that entry") {
    CHECK(end_of_run(made_index("I0 P1 P2 I3 P4 P5"), 0) == 2);
    CHECK(end_of_run(made_index("I0 P1 P2 I3 P4 P5"), 3) == 5);
    CHECK(end_of_run(made_index("I0 P1 I4 b2 b3 P5"), 0) == 4);
    CHECK(end_of_run(made_index("I0 P1 I4 b2 b3 P5"), 2) == 5);
    CHECK(end_of_run(made_index("P0 P1 P2 I3"), 0) == 2);
}

TEST_CASE("a second field belongs to the run of its first field") {
    auto index = made_index("I0 P0 P1 P1 I2 P2");
    for (const std::size_t second : {1, 3, 5}) index.packets[second].completes_previous = true;
    CHECK(end_of_run(index, 0) == 3);
    index.packets[5].order = 0;  // whatever the container says of it
    CHECK(end_of_run(index, 0) == 3);
}

TEST_CASE("the entry of a frame does not depend on where the search begins") {
    const auto index = made_index("I0 P1 I4 b2 b3 P5 I6 I9 P7 P8 b10 I12 P11 P13");
    for (std::int64_t one = 0; one < index.frame_count(); ++one) {
        for (std::int64_t other = 0; other < index.frame_count(); ++other) {
            for (const Run& run : runs_of(index, {one, other})) {
                for (const std::int32_t packet : run.wanted) {
                    const auto is_it = [packet](const auto& frame) { return frame.packet == packet; };
                    const auto frame = std::find_if(index.frames.begin(), index.frames.end(), is_it) - index.frames.begin();
                    CHECK(runs_of(index, {0, frame}).back().entry == run.entry);
                }
            }
        }
    }
}
