// The scanner for start codes and the two framings of NAL units. Expected values are worked out by hand from the bytes.
#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "bits.hpp"
#include "bitstream/nal_units.hpp"
#include "bitstream/start_codes.hpp"

using namespace kf::bitstream;
using kf::tests::Buffer;

namespace {

using Units = std::vector<Buffer>;

Units units_of(const Buffer& bytes) {
    Units units;
    for_each_start_code(bytes, [&](Bytes unit, Bytes) { units.emplace_back(unit.begin(), unit.end()); });
    return units;
}

/// The NAL units of a packet, and whether each ends within the packet.
std::vector<std::pair<Buffer, bool>> nals_of(const Buffer& bytes, int nal_length_size) {
    std::vector<std::pair<Buffer, bool>> nals;
    for_each_nal(bytes, nal_length_size,
                 [&](Bytes nal, bool whole) { nals.emplace_back(Buffer(nal.begin(), nal.end()), whole); });
    return nals;
}

}  // namespace

TEST_CASE("a start code is found at the beginning, in the middle and at the end") {
    const Buffer bytes{0, 0, 1, 7, 8, 0, 0, 1};
    CHECK(find_start_code(bytes, 0) == 0);
    CHECK(find_start_code(bytes, 1) == 5);
    CHECK(find_start_code(bytes, 6) == bytes.size());
}

TEST_CASE("no start code is found where there is none, nor in too few bytes") {
    CHECK(find_start_code({}, 0) == 0);
    CHECK(find_start_code(Buffer{0, 0}, 0) == 2);
    CHECK(find_start_code(Buffer{0, 1, 0, 1, 1, 1}, 0) == 6);
    CHECK(find_start_code(Buffer{0, 0, 1}, 100) == 3);
}

TEST_CASE("units reach from behind one start code to the next") {
    CHECK(units_of({9, 9, 0, 0, 1, 5, 6, 0, 0, 1, 7}) == Units{{5, 6}, {7}});
}

TEST_CASE("a zero more in front of a start code belongs to the unit before") {
    CHECK(units_of({0, 0, 0, 1, 5, 0, 0, 0, 1, 7}) == Units{{5, 0}, {7}});
}

TEST_CASE("two start codes that follow each other enclose an empty unit") {
    CHECK(units_of({0, 0, 1, 0, 0, 1, 4}) == Units{{}, {4}});
    CHECK(units_of({0, 0, 1}) == Units{{}});
}

TEST_CASE("the rest of a unit goes on to the end of the bytes") {
    const Buffer bytes{0, 0, 1, 5, 0, 0, 1, 7, 8};
    std::vector<std::size_t> sizes;
    for_each_start_code(bytes, [&](Bytes, Bytes rest) { sizes.push_back(rest.size()); });
    CHECK(sizes == std::vector<std::size_t>{6, 2});
}

TEST_CASE("NAL units lie behind lengths of 1, 2 or 4 bytes") {
    CHECK(nals_of({2, 5, 6, 1, 7}, 1) == std::vector<std::pair<Buffer, bool>>{{{5, 6}, true}, {{7}, true}});
    CHECK(nals_of({0, 2, 5, 6, 0, 1, 7}, 2) == std::vector<std::pair<Buffer, bool>>{{{5, 6}, true}, {{7}, true}});
    CHECK(nals_of({0, 0, 0, 1, 7}, 4) == std::vector<std::pair<Buffer, bool>>{{{7}, true}});
}

TEST_CASE("a length that goes beyond the packet gives what there is and says so") {
    CHECK(nals_of({0, 0, 0, 9, 7, 8}, 4) == std::vector<std::pair<Buffer, bool>>{{{7, 8}, false}});
    CHECK(nals_of({255, 255, 255, 255, 7}, 4) == std::vector<std::pair<Buffer, bool>>{{{7}, false}});
}

TEST_CASE("a length that is itself cut short does not read outside of the packet") {
    CHECK(nals_of({0, 0, 0, 1, 7, 0, 0}, 4) == std::vector<std::pair<Buffer, bool>>{{{7}, true}, {{}, true}});
    CHECK(nals_of({0, 5}, 4) == std::vector<std::pair<Buffer, bool>>{{{}, false}});
}

// ITU-T H.264, 7.4.1: 00 00 00 never occurs inside a NAL unit. Type 1 is a slice, type 6 an SEI message.
TEST_CASE("three zeros in an H.264 slice are a hole") {
    CHECK(has_hole(Codec::h264, kf::tests::with_lengths(4, {{0x41, 9, 0, 0, 0, 9}}), 4));
    CHECK_FALSE(has_hole(Codec::h264, kf::tests::with_lengths(4, {{0x41, 9, 0, 0, 3, 0, 9}}), 4));
}

TEST_CASE("zeros at the end of a slice may be padding, and zeros outside of slices are nobody's picture") {
    CHECK_FALSE(has_hole(Codec::h264, kf::tests::with_lengths(4, {{0x41, 9, 0, 0, 0}}), 4));
    CHECK_FALSE(has_hole(Codec::h264, kf::tests::with_lengths(4, {{0x06, 9, 0, 0, 0, 9}}), 4));
}

TEST_CASE("an HEVC slice is one of nal_unit_type 0 to 31") {
    CHECK(has_hole(Codec::hevc, kf::tests::with_lengths(4, {{1 << 1, 1, 9, 0, 0, 0, 9}}), 4));
    CHECK_FALSE(has_hole(Codec::hevc, kf::tests::with_lengths(4, {{39 << 1, 1, 9, 0, 0, 0, 9}}), 4));
}

TEST_CASE("with start codes zeros may stand between NAL units, so no hole is told") {
    CHECK_FALSE(has_hole(Codec::h264, kf::tests::byte_stream({{0x41, 9, 0, 0, 0, 9}}), 0));
}
