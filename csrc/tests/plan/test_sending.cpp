// H.264 packets of one NAL unit: 4 bytes of length, then nal_ref_idc and nal_unit_type (ITU-T H.264, 7.3.1), then a slice
// header that begins with first_mb_in_slice = 0, a single 1 bit.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>

#include "made_index.hpp"
#include "plan/sending.hpp"

using kf::index::Droppable;
using kf::tests::made_index;

namespace {

constexpr std::array<std::uint8_t, 6> unreferenced_slice{0, 0, 0, 2, 0x01, 0x80};
constexpr std::array<std::uint8_t, 6> referenced_slice{0, 0, 0, 2, 0x61, 0x80};
constexpr std::array<std::uint8_t, 6> idr_slice{0, 0, 0, 2, 0x65, 0x80};

}  // namespace

TEST_CASE("what the index knows decides whether a packet is droppable, else its bytes") {
    auto index = made_index("I0 u1 b2 P3");
    CHECK(kf::plan::is_droppable(index, 1, unreferenced_slice));
    CHECK_FALSE(kf::plan::is_droppable(index, 1, referenced_slice));
    CHECK_FALSE(kf::plan::is_droppable(index, 1, idr_slice));
    CHECK(kf::plan::is_droppable(index, 2, referenced_slice));
    CHECK_FALSE(kf::plan::is_droppable(index, 3, unreferenced_slice));
    index.codec = "hevc";
    CHECK_FALSE(kf::plan::is_droppable(index, 1, unreferenced_slice));
}

TEST_CASE("a packet that a parameter set comes with is not droppable") {
    auto index = made_index("I0 u1 u2");
    kf::index::ParameterSet set;
    set.ordinal = 1;
    index.parameter_sets.push_back(set);
    CHECK_FALSE(kf::plan::is_droppable(index, 1, unreferenced_slice));
    CHECK(kf::plan::is_droppable(index, 2, unreferenced_slice));
}

// Truncation is noted at every pass, so a truncated suspect would be found anew for ever.
TEST_CASE("a truncated packet is not droppable") {
    auto index = made_index("I0 u1 b2");
    index.packets[1].truncated = index.packets[2].truncated = true;
    CHECK_FALSE(kf::plan::is_droppable(index, 1, unreferenced_slice));
    CHECK_FALSE(kf::plan::is_droppable(index, 2, unreferenced_slice));
}

TEST_CASE("bytes that contradict the index are noticed") {
    const auto index = made_index("I0 b1 P2");
    CHECK(kf::plan::is_as_indexed(index, 0, idr_slice));
    CHECK_FALSE(kf::plan::is_as_indexed(index, 0, referenced_slice));
    CHECK(kf::plan::is_as_indexed(index, 1, unreferenced_slice));
    CHECK_FALSE(kf::plan::is_as_indexed(index, 1, referenced_slice));
    CHECK(kf::plan::is_as_indexed(index, 2, unreferenced_slice));
}

TEST_CASE("pictures that are decoded after the run's entry and shown before it lead it") {
    const auto index = made_index("I0 P1 I4 b2 b3 P5");
    constexpr std::int32_t second = 2;
    CHECK(kf::plan::leads_entry(index, second, 3));
    CHECK(kf::plan::leads_entry(index, second, 4));
    CHECK_FALSE(kf::plan::leads_entry(index, second, 5));
    CHECK_FALSE(kf::plan::leads_entry(index, 0, 3));
}

TEST_CASE("nothing leads the first packet, nor a packet that is no entry") {
    const auto index = made_index("I2 b0 b1 P3");
    CHECK_FALSE(kf::plan::leads_entry(index, 0, 1));
    CHECK_FALSE(kf::plan::leads_entry(made_index("P2 P3 b1"), 1, 2));
}

TEST_CASE("a second field belongs to the packet of the first") {
    auto index = made_index("I0 P0 P1 P1");
    index.packets[1].completes_previous = index.packets[3].completes_previous = true;
    CHECK(kf::plan::first_of_picture(index, 0) == 0);
    CHECK(kf::plan::first_of_picture(index, 1) == 0);
    CHECK(kf::plan::first_of_picture(index, 3) == 2);
}
