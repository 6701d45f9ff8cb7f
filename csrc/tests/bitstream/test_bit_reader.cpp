// Expected values are worked out by hand from the bytes.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>

#include "bits.hpp"
#include "bitstream/bit_reader.hpp"
#include "bitstream/mpeg12_packet.hpp"

using kf::bitstream::BitReader;
using kf::bitstream::RbspReader;
using kf::tests::bits;
using kf::tests::Buffer;

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

// ITU-T H.264, table 9-2: 1 is 0, 010 is 1, 011 is 2, 00100 is 3, 0001000 is 7.
TEST_CASE("Exp-Golomb codes are read as ITU-T H.264, 9.1, has them") {
    const Buffer bytes = bits("1 010 011 00100 0001000");
    BitReader reader(bytes);
    CHECK(reader.ue() == 0);
    CHECK(reader.ue() == 1);
    CHECK(reader.ue() == 2);
    CHECK(reader.ue() == 3);
    CHECK(reader.ue() == 7);
    CHECK_FALSE(reader.past_end());
}

// Table 9-3: 0, 1, 2, 3, 4 mean 0, 1, -1, 2, -2.
TEST_CASE("signed Exp-Golomb codes alternate between positive and negative") {
    const Buffer bytes = bits("1 010 011 00100 00101");
    BitReader reader(bytes);
    CHECK(reader.se() == 0);
    CHECK(reader.se() == 1);
    CHECK(reader.se() == -1);
    CHECK(reader.se() == 2);
    CHECK(reader.se() == -2);
}

TEST_CASE("an Exp-Golomb code without an end is the largest value and not an endless loop") {
    const Buffer zeros(100, 0);
    BitReader long_code(zeros);
    CHECK(long_code.ue() == UINT32_MAX);
    BitReader nothing({});
    CHECK(nothing.ue() == UINT32_MAX);
    CHECK(nothing.past_end());
}

TEST_CASE("32 bits are read at once at any offset") {
    const Buffer bytes{0x12, 0x34, 0x56, 0x78, 0x9a};
    BitReader reader(bytes);
    CHECK(reader.bits(4) == 0x1);
    CHECK(reader.bits(32) == 0x23456789);
    CHECK(reader.bits(4) == 0xa);
    CHECK(reader.at_end());
    CHECK_FALSE(reader.past_end());
}

TEST_CASE("skipping more than 32 bits is reading them") {
    const Buffer bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    BitReader reader(bytes);
    reader.skip(72);
    CHECK(reader.bits(8) == 10);
    reader.skip(1);
    CHECK(reader.past_end());
}

// ITU-T H.264, 7.4.1: 00 00 03 in a NAL unit stands for 00 00; the 3 is no part of the payload.
TEST_CASE("the RBSP reader leaves out emulation prevention bytes, the plain reader does not") {
    const Buffer bytes{0x00, 0x00, 0x03, 0x01, 0x03};
    RbspReader rbsp(bytes);
    CHECK(rbsp.bits(32) == 0x00000103);
    CHECK(rbsp.at_end());
    BitReader plain(bytes);
    CHECK(plain.bits(32) == 0x00000301);
}

TEST_CASE("every pair of zeros has its own emulation prevention byte") {
    const Buffer bytes{0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x80};
    RbspReader rbsp(bytes);
    CHECK(rbsp.bits(32) == 0);
    CHECK(rbsp.bits(16) == 0x0080);
    CHECK_FALSE(rbsp.past_end());
}

TEST_CASE("a last emulation prevention byte is the end, because nothing follows it") {
    const Buffer bytes{0x80, 0x00, 0x00, 0x03};
    RbspReader rbsp(bytes);
    rbsp.skip(24);
    CHECK(rbsp.at_end());
}
