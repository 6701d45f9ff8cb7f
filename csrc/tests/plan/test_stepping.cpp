#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "made_index.hpp"
#include "plan/stepping.hpp"

using kf::plan::Stepping;
using Frames = std::vector<std::int64_t>;
using Ordinals = std::vector<std::int32_t>;

namespace {

Stepping after(const std::vector<Frames>& calls) {
    Stepping stepping(calls.front());
    for (std::size_t i = 1; i < calls.size(); ++i) stepping.add(calls[i]);
    return stepping;
}

// Twenty frames in decode order.
const kf::index::FrameIndex made =
    kf::tests::made_index("I0 P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P12 P13 P14 P15 P16 P17 P18 P19");

}  // namespace

TEST_CASE("after one frame every frame is probable") {
    CHECK(after({{16}}).next() == 17);
    CHECK(after({{16}}).packets_ahead(made) == Ordinals{17, 18, 19});
}

TEST_CASE("a regular step tells the next frames") {
    CHECK(after({{0}, {8}}).next() == 16);
    CHECK(after({{0}, {4}}).packets_ahead(made) == Ordinals{8, 12, 16});
    CHECK(after({{0, 4, 8}, {12}}).packets_ahead(made) == Ordinals{16});
    CHECK(after({{2, 7}}).packets_ahead(made) == Ordinals{12, 17});
}

TEST_CASE("irregular steps make all frames probable that some of them reach") {
    CHECK(after({{0}, {3}, {7}}).next() == 10);
    CHECK(after({{0}, {3}, {7}}).packets_ahead(made) == Ordinals{10, 11, 13, 14, 15, 16, 17, 18, 19});
}

TEST_CASE("a call that begins far away does not go on") {
    CHECK(after({{0}, {1}}).seems_to_reach(2));
    CHECK(after({{0}, {1}}).seems_to_reach(17));
    CHECK_FALSE(after({{0}, {1}}).seems_to_reach(18));
    CHECK_FALSE(after({{0}, {1}}).seems_to_reach(0));
    CHECK(after({{0}, {30}}).seems_to_reach(90));
}

TEST_CASE("a frame that is wanted twice in a row is remembered and is no step") {
    CHECK_FALSE(after({{5}, {6}}).repeats());
    CHECK(after({{5}, {5}}).repeats());
    CHECK(after({{5, 6, 6, 7}}).repeats());
    CHECK(after({{5}, {5}, {9}}).next() == 13);
}

TEST_CASE("frames are rising where none lies in front of the one before") {
    CHECK(kf::plan::is_rising(Frames{1, 1, 2}));
    CHECK_FALSE(kf::plan::is_rising(Frames{1, 0}));
}
