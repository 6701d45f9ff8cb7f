#include <doctest/doctest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "made_index.hpp"
#include "plan/fetching.hpp"

using kf::index::FrameIndex;
using kf::plan::ranges_to_fetch;
using Ranges = std::vector<std::pair<std::int64_t, std::int64_t>>;

namespace {

constexpr std::int64_t mib = 1024 * 1024;

/// An index whose packets lie one after another, each with a gap in front of it.
FrameIndex laid_out(const std::string& packets, std::int32_t size, std::int64_t gap, bool direct = true) {
    FrameIndex index = kf::tests::made_index(packets);
    std::int64_t position = 0;
    for (auto& packet : index.packets) {
        packet.position = position += gap;
        packet.size = size;
        packet.direct = direct;
        position += size;
    }
    index.source_size = position;
    return index;
}

Ranges ranges(const FrameIndex& index, const std::vector<std::int64_t>& frames) {
    Ranges found;
    for (const auto& range : ranges_to_fetch(index, frames)) found.emplace_back(range.position, range.size);
    return found;
}

}  // namespace

TEST_CASE("a run is one range from its entry to its last wanted packet, with what lies between its packets") {
    const FrameIndex index = laid_out("I0 P1 P2 P3 I4 P5 P6 P7", 1000, mib / 2);
    const std::int64_t step = mib / 2 + 1000;
    CHECK(ranges(index, {2}) == Ranges{{mib / 2, 2 * step + 1000}});
    CHECK(ranges(index, {5, 4, 5}) == Ranges{{4 * step + mib / 2, step + 1000}});
    CHECK(ranges(index, {0, 7}) == Ranges{{mib / 2, 1000}, {4 * step + mib / 2, 3 * step + 1000}});
    CHECK(ranges(index, {}).empty());
}

TEST_CASE("runs that lie side by side are fetched together, and packets far apart are not") {
    CHECK(ranges(laid_out("I0 I1 I2 I3", 1000, 10), {0, 1, 3}) == Ranges{{10, 4030}});
    CHECK(ranges(laid_out("I0 P1", 1000, 2 * mib), {1}) == Ranges{{2 * mib, 1000}, {4 * mib + 1000, 1000}});
}

TEST_CASE("packets that only the demuxer can read need the places around them and the head") {
    const FrameIndex index = laid_out("I0 P1 P2 P3 I4 P5 P6 P7 I8 P9 P10 P11", 1000, mib, false);
    const std::int64_t step = mib + 1000;
    const Ranges found = ranges(index, {5});
    REQUIRE(found.size() == 2);
    CHECK(found[0] == std::pair<std::int64_t, std::int64_t>{0, 64 * 1024});
    CHECK(found[1].first == mib + 1 * step);                                // three places in front of the entry
    CHECK(found[1].first + found[1].second == mib + 6 * step + 64 * 1024);  // the place behind the last packet
    CHECK(ranges(index, {11}).back().first + ranges(index, {11}).back().second == index.source_size);
}

TEST_CASE("ranges of an index of another file stay within the source") {
    FrameIndex index = laid_out("I0 I1", 1000, 3 * mib);
    index.source_size = 3 * mib + 500;
    CHECK(ranges(index, {0, 1}) == Ranges{{3 * mib, 500}});
}
