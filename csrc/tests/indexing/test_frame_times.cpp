// Times are worked out by hand. The time base of the lists is a hundredth of a second.
#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "indexing/frame_times.hpp"
#include "listed.hpp"

using kf::tests::Listed;
using Times = std::vector<std::int64_t>;

namespace {

constexpr std::nullopt_t none = std::nullopt;

/// A stream of frames in the order of their packets, with these pts.
Listed stream_of(const std::vector<std::optional<std::int64_t>>& pts) {
    Listed stream("mpeg4", {kf::tests::notes_without_pts()});
    stream.index.packets.resize(pts.size());
    stream.list.notes.resize(pts.size());
    for (std::size_t i = 0; i < pts.size(); ++i) {
        stream.list.notes[i].has_pts = pts[i].has_value();
        stream.list.notes[i].pts = pts[i].value_or(0);
        stream.index.frames.push_back({0, static_cast<std::int32_t>(i), 0});
    }
    return stream;
}

void set_dts(Listed& stream, const Times& dts) {
    for (std::size_t i = 0; i < dts.size(); ++i) {
        stream.list.notes[i].has_dts = true;
        stream.list.notes[i].dts = dts[i];
    }
}

Times times_of(Listed stream) {
    kf::indexing::set_frame_times(stream.index, stream.list);
    return stream.frame_times();
}

}  // namespace

TEST_CASE("known times stay, and unknown times lie evenly between them") {
    CHECK(times_of(stream_of({0, none, none, 30, 40})) == Times{0, 10, 20, 30, 40});
    CHECK(times_of(stream_of({0, none, 5})) == Times{0, 3, 5});  // a half is rounded away from zero
}

TEST_CASE("before the first and after the last known time frames are a step apart") {
    Listed stream = stream_of({none, none, 50, none});
    stream.index.average_rate = {25, 1};
    CHECK(times_of(stream) == Times{42, 46, 50, 54});
}

TEST_CASE("the rate of the stream's headers counts where the container has none") {
    Listed stream = stream_of({10, none});
    stream.list.rate = {50, 1};
    CHECK(times_of(stream) == Times{10, 12});
    stream.index.average_rate = {10, 1};
    CHECK(times_of(stream) == Times{10, 20});
}

TEST_CASE("without a rate the step is the median of those between known times") {
    CHECK(times_of(stream_of({0, 7, 14, 114, none})) == Times{0, 7, 14, 114, 121});
}

TEST_CASE("without any time frames begin at zero") {
    Listed stream = stream_of({none, none, none});
    stream.index.average_rate = {25, 1};
    CHECK(times_of(stream) == Times{0, 4, 8});
    CHECK(times_of(stream_of({none, none, none})) == Times{0, 1, 2});
}

TEST_CASE("decode times alone give the n-th frame the n-th time") {
    Listed stream = stream_of({none, none, none, none});
    set_dts(stream, {0, 4, 8, 12});
    stream.index.frames = {{0, 0, 0}, {0, 2, 0}, {0, 3, 0}, {0, 1, 0}};  // I P B B
    CHECK(times_of(stream) == Times{0, 4, 8, 12});
}

TEST_CASE("one pts is enough for decode times not to count") {
    Listed stream = stream_of({none, 100, none});
    set_dts(stream, {0, 4, 8});
    stream.index.average_rate = {25, 1};
    CHECK(times_of(stream) == Times{96, 100, 104});
}

TEST_CASE("times that contradict the order of the pictures are sorted") {
    CHECK(times_of(stream_of({0, 20, 10, 30})) == Times{0, 10, 20, 30});
}

TEST_CASE("times stay within what an index can hold") {
    constexpr std::int64_t latest = kf::index::latest_time;
    Listed stream = stream_of({latest - 1, none, none});
    stream.index.average_rate = {1, 1'000'000};
    CHECK(times_of(stream) == Times{latest - 1, latest, latest});
}
