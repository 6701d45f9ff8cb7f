// What the NAL unit headers and SEI messages of an H.264 packet say: the rules that keep dropping and seeking exact.
#include <doctest/doctest.h>

#include "bits.hpp"
#include "bitstream/h264_packet.hpp"
#include "h264_streams.hpp"

using namespace kf::bitstream;
using namespace kf::tests;

namespace {

H264Packet read(std::initializer_list<Buffer> nals) {
    return read_h264_packet(byte_stream(nals), 0);
}

/// An SEI NAL unit of these messages: ITU-T H.264, 7.3.2.3.
Buffer sei(std::initializer_list<Buffer> messages) {
    return joined({{0x06}, joined(messages), {0x80}});
}

/// recovery_frame_cnt, exact_match_flag, broken_link_flag, changing_slice_group_idc: D.1.8.
Buffer recovery_point(unsigned frames, bool exact) {
    const Buffer payload = bits(ue(frames) + (exact ? "1" : "0") + "0 00 1");
    return joined({{6, static_cast<std::uint8_t>(payload.size())}, payload});
}

const Buffer unreferenced = slice({.nal_ref_idc = 0});
const Buffer delimiter{0x09, 0xF0};
const Buffer filler{0x0C, 0xFF, 0x80};

}  // namespace

TEST_CASE("a packet whose slices all have nal_ref_idc 0 is droppable") {
    CHECK(read({unreferenced}).droppable());
    CHECK(read({delimiter, sei({{5, 1, 0xAA}}), unreferenced, unreferenced, filler}).droppable());
}

TEST_CASE("a packet with one slice that others refer to is not droppable") {
    CHECK_FALSE(read({unreferenced, slice({.nal_ref_idc = 1})}).droppable());
}

TEST_CASE("a packet that brings parameter sets is not droppable, because later packets need them") {
    CHECK_FALSE(read({sps(), unreferenced}).droppable());
    CHECK_FALSE(read({pps(), unreferenced}).droppable());
}

TEST_CASE("NAL unit types that the rules do not name are kept") {
    for (unsigned type = 0; type < 32; ++type) {
        if (type == 1 || type == 6 || type == 9 || type == 12) continue;
        CHECK_FALSE(read({unreferenced, {static_cast<std::uint8_t>(type), 1, 2}}).droppable());
    }
}

TEST_CASE("a packet without a slice is neither an entry nor droppable") {
    CHECK_FALSE(read({delimiter}).droppable());
    CHECK_FALSE(read({sei({recovery_point(0, true)})}).entry());
}

TEST_CASE("an IDR picture is an entry") {
    CHECK(read({slice({.idr = true})}).entry());
    CHECK(read({slice({.idr = true}), slice({.idr = true, .first_mb = 9})}).idr);
    CHECK_FALSE(read({slice()}).entry());
}

TEST_CASE("an IDR field with a second field that is none is told by its first slice") {
    const H264Packet packet = read({slice({.idr = true}), slice()});
    CHECK_FALSE(packet.idr);
    CHECK(packet.idr_first);
}

TEST_CASE("a recovery point with count 0 and exact_match is an entry") {
    CHECK(read({sei({recovery_point(0, true)}), slice()}).entry());
}

TEST_CASE("a recovery point that takes frames or is not exact is no entry") {
    CHECK_FALSE(read({sei({recovery_point(1, true)}), slice()}).entry());
    CHECK_FALSE(read({sei({recovery_point(0, false)}), slice()}).entry());
}

TEST_CASE("a recovery point is found behind other messages") {
    const Buffer user_data = joined({{5, 255, 3}, Buffer(258, 0x41)});  // payloadSize 255 + 3
    CHECK(read({sei({user_data, recovery_point(0, true)}), slice()}).entry());
}

TEST_CASE("an SEI payload size counts no emulation prevention byte") {
    const Buffer message{5, 4, 0, 0, 3, 0, 1};  // payload 00 00 00 01
    CHECK(read({sei({message, recovery_point(0, true)}), slice()}).entry());
}

TEST_CASE("an SEI payload size that lies ends with the NAL unit") {
    CHECK_FALSE(read({{0x06, 5, 255, 255}, slice()}).entry());
    CHECK_FALSE(read({{0x06, 255, 255, 255}, slice()}).entry());
    CHECK_FALSE(read({{0x06}, slice()}).entry());
}

TEST_CASE("a packet that is cut short is never droppable") {
    Buffer packet = with_lengths(4, {unreferenced});
    CHECK(read_h264_packet(packet, 4).droppable());
    while (packet.size() > 1) {
        packet.pop_back();
        CHECK_FALSE(read_h264_packet(packet, 4).droppable());
    }
}
