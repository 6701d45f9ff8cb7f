// Which parameter sets go in front of a packet, and how they are framed.
#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "index/active_parameter_sets.hpp"

using namespace kf::index;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t sps = 7;
constexpr std::uint8_t pps = 8;

/// H.264 with start codes. Packet 0 brings SPS 0 and PPS 0, packet 4 another SPS 0, packet 6 PPS 1 from outside.
FrameIndex h264_index() {
    FrameIndex index;
    index.codec = "h264";
    index.parameter_sets = {{0, pps, 0, false, {0x68, 1}},
                            {0, sps, 0, false, {0x67, 1}},
                            {4, sps, 0, false, {0x67, 2}},
                            {6, pps, 1, true, {0x68, 9}}};
    return index;
}

}  // namespace

TEST_CASE("the packet that brings parameter sets needs none in front") {
    CHECK(parameter_sets_before(h264_index(), 0, 0).empty());
}

TEST_CASE("an entry behind them gets all that are in force, an SPS in front of a PPS") {
    CHECK(parameter_sets_before(h264_index(), 2, 2) == Bytes{0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 1});
}

TEST_CASE("a later set of the same type and id replaces the one before") {
    CHECK(parameter_sets_before(h264_index(), 5, 5) == Bytes{0, 0, 1, 0x67, 2, 0, 0, 1, 0x68, 1});
}

TEST_CASE("a set in the entry's own packet is not repeated, one beside the packet is") {
    CHECK(parameter_sets_before(h264_index(), 4, 4) == Bytes{0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 1});
    CHECK(parameter_sets_before(h264_index(), 6, 6) == Bytes{0, 0, 1, 0x67, 2, 0, 0, 1, 0x68, 1, 0, 0, 1, 0x68, 9});
}

TEST_CASE("behind the entry only what comes beside a packet goes in front of it") {
    CHECK(parameter_sets_before(h264_index(), 2, 4).empty());
    CHECK(parameter_sets_before(h264_index(), 2, 6) == Bytes{0, 0, 1, 0x68, 9});
    CHECK(parameter_sets_before(h264_index(), 2, 7).empty());
}

TEST_CASE("sets are framed by lengths where the packets are") {
    FrameIndex index = h264_index();
    index.nal_length_size = 4;
    CHECK(parameter_sets_before(index, 2, 2) == Bytes{0, 0, 0, 2, 0x67, 1, 0, 0, 0, 2, 0x68, 1});
    index.nal_length_size = 1;
    CHECK(parameter_sets_before(index, 2, 6) == Bytes{2, 0x68, 9});
}

TEST_CASE("headers in an MPEG-4 packet stand for those in force, because a decoder takes the first of several") {
    FrameIndex index;
    index.codec = "mpeg4";
    constexpr std::uint8_t vol = 0x20;
    constexpr std::uint8_t user_data = 0xB2;
    index.parameter_sets = {
        {0, vol, 0xB0, false, {0xB0, 1}}, {0, user_data, 'D', false, {0xB2, 'D'}}, {3, vol, 0x20, false, {0x20, 2}}};
    CHECK(parameter_sets_before(index, 2, 2) == Bytes{0, 0, 1, 0xB0, 1, 0, 0, 1, 0xB2, 'D'});
    CHECK(parameter_sets_before(index, 3, 3) == Bytes{0, 0, 1, 0xB2, 'D'});
}

TEST_CASE("an index without changes needs nothing") {
    CHECK(parameter_sets_before(FrameIndex{}, 0, 0).empty());
    CHECK(parameter_sets_before(FrameIndex{}, 3, 9).empty());
}
