// Expected values are worked out by hand from the bytes.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>

#include "bitstream/bit_reader.hpp"
#include "bitstream/mpeg12_packet.hpp"

using kf::bitstream::BitReader;

TEST_CASE("bits are read most significant first") {
    const std::array<std::uint8_t, 3> bytes{0b1010'0001, 0xff, 0x00};
    BitReader reader(bytes);
    CHECK(reader.flag());
    CHECK(reader.bits(3) == 0b010);
    CHECK(reader.bits(8) == 0b0001'1111);
    reader.skip(4);
    CHECK(reader.bits(8) == 0);
    CHECK_FALSE(reader.past_end());
}

TEST_CASE("bits past the end are zeros, and the reader says so") {
    const std::array<std::uint8_t, 1> bytes{0xff};
    BitReader reader(bytes);
    CHECK(reader.bits(12) == 0b1111'1111'0000);
    CHECK(reader.past_end());
}

// Two classes of one name once shared a constructor: without optimisation this size came out as 1537 x 513.
TEST_CASE("an MPEG-2 sequence header says its size") {
    // ISO/IEC 13818-2, 6.2.2.1: start code, 12 bits of width, 12 bits of height, aspect ratio 1, frame rate 3.
    const std::array<std::uint8_t, 12> bytes{0x00, 0x00, 0x01, 0xb3, 0x16, 0x01, 0x20, 0x13, 0xff, 0xff, 0xe0, 0x18};
    const auto packet = kf::bitstream::read_mpeg12_packet(bytes);
    CHECK(packet.sequence_header);
    CHECK(packet.width == 352);
    CHECK(packet.height == 288);
}
