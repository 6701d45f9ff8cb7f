// Lists of packets are made by hand, in decode order.
#include <doctest/doctest.h>

#include <vector>

#include "indexing/header_order.hpp"
#include "listed.hpp"

using kf::indexing::header_order_is_doubtful;
using kf::indexing::PacketNotes;
using kf::tests::notes_at;
using kf::tests::notes_without_pts;

namespace {

PacketNotes start_at(std::int64_t pts) {
    PacketNotes notes = notes_at(pts);
    notes.starts_sequence = true;
    return notes;
}

}  // namespace

TEST_CASE("a header that reorders pictures within their sequences is believed") {
    CHECK_FALSE(header_order_is_doubtful({start_at(0), notes_at(20), notes_at(10), start_at(30), notes_at(40)}, true));
}

TEST_CASE("pts that never reorder are doubtful where the stream may reorder, and only there") {
    const std::vector ascending{start_at(0), notes_at(10), notes_at(20)};
    CHECK(header_order_is_doubtful(ascending, true));
    CHECK_FALSE(header_order_is_doubtful(ascending, false));
}

TEST_CASE("no picture is shown across the start of a sequence") {
    CHECK(header_order_is_doubtful({start_at(0), notes_at(40), start_at(30)}, false));
    CHECK(header_order_is_doubtful({start_at(0), notes_at(10), start_at(30), notes_at(5)}, false));
    CHECK(header_order_is_doubtful({start_at(0), start_at(0)}, false));
}

TEST_CASE("hidden pictures do not count, and a missing pts does") {
    std::vector list{start_at(0), notes_at(40), start_at(30)};
    list[1].hidden = true;
    CHECK_FALSE(header_order_is_doubtful(list, false));
    CHECK(header_order_is_doubtful({start_at(0), start_at(10), notes_without_pts()}, false));
}

TEST_CASE("presentation times that are not the decode times again are doubtful") {
    const auto at = [](std::int64_t dts, std::int64_t pts) {
        PacketNotes notes = dts == 0 ? start_at(pts) : notes_at(pts);
        notes.dts = dts;
        notes.has_dts = true;
        return notes;
    };
    const auto doubtful = [](const std::vector<PacketNotes>& list) { return header_order_is_doubtful(list, false); };
    CHECK_FALSE(doubtful({at(0, 10), at(10, 40), at(20, 20), at(30, 31), at(40, 50)}));    // a constant rate, rounded
    CHECK_FALSE(doubtful({at(0, 30), at(10, 90), at(30, 60), at(60, 100), at(90, 120)}));  // delayed by one picture
    CHECK(doubtful({at(0, 10), at(10, 40), at(11, 21), at(30, 32), at(40, 50)}));          // moved behind the one before
    CHECK(doubtful({at(0, 18), at(3, 3), at(6, 6), at(27, 27), at(30, 30), at(33, 40)}));  // made up out of nothing
    CHECK_FALSE(doubtful({at(0, 18), notes_at(3), notes_at(6)}));                          // nothing to compare
}
