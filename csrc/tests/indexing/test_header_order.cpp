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

TEST_CASE("decode times that a muxer moved one tick behind the one before are doubtful") {
    const auto at = [](std::int64_t dts, std::int64_t pts) {
        PacketNotes notes = dts == 0 ? start_at(pts) : notes_at(pts);
        notes.dts = dts;
        notes.has_dts = true;
        return notes;
    };
    const std::vector regular{at(0, 0), at(10, 30), at(20, 20), at(30, 40), at(40, 50)};
    CHECK_FALSE(header_order_is_doubtful(regular, true));
    const std::vector moved{at(0, 0), at(10, 30), at(11, 20), at(30, 40), at(40, 50)};
    CHECK(header_order_is_doubtful(moved, true));
    CHECK(header_order_is_doubtful(moved, false));  // the joined video may have other parameter sets
    CHECK_FALSE(header_order_is_doubtful({at(0, 0), at(1, 3), at(2, 2), at(3, 4)}, true));  // one tick is a frame
}
