// Frame headers of VP6, VP8 and VP9. None of their packets is droppable; what counts is which are entries and what they
// show.
#include <doctest/doctest.h>

#include "bits.hpp"
#include "bitstream/vpx_packet.hpp"

using namespace kf::bitstream;
using kf::tests::bits;
using kf::tests::Buffer;
using kf::tests::joined;

namespace {

// VP9, 6.2: frame_marker 2, profile bits, show_existing_frame, frame_type, show_frame, error_resilient_mode.
const Buffer vp9_key = bits("10 00 0 0 1 0");
const Buffer vp9_inter = bits("10 00 0 1 1 0");
const Buffer vp9_hidden = bits("10 00 0 1 0 0");
const Buffer vp9_again = bits("10 00 1 011");

/// superframe_index(): annex B, with sizes of one byte.
Buffer superframe(std::initializer_list<Buffer> frames) {
    const auto header = static_cast<std::uint8_t>(0xC0 | (frames.size() - 1));
    Buffer sizes;
    for (const Buffer& frame : frames) sizes.push_back(static_cast<std::uint8_t>(frame.size()));
    return joined({joined(frames), {header}, sizes, {header}});
}

}  // namespace

// RFC 6386, 9.1: bit 0 is 0 in a key frame, bit 4 is show_frame; a key frame goes on with 9D 01 2A.
TEST_CASE("a VP8 key frame has a start code") {
    CHECK(read_vp8_packet(Buffer{0x10, 0, 0, 0x9D, 0x01, 0x2A, 64, 0}).entry);
    CHECK_FALSE(read_vp8_packet(Buffer{0x10, 0, 0, 0x9D, 0x01, 0x2B, 64, 0}).entry);
    CHECK_FALSE(read_vp8_packet(Buffer{0x11, 0, 0, 0x9D, 0x01, 0x2A, 64, 0}).entry);
    CHECK_FALSE(read_vp8_packet(Buffer{0x10, 0, 0, 0x9D, 0x01}).entry);
}

TEST_CASE("a VP8 alternate reference frame is not shown") {
    CHECK(read_vp8_packet(Buffer{0x11, 0, 0}).shown == 1);
    CHECK(read_vp8_packet(Buffer{0x01, 0, 0}).shown == 0);
    CHECK_FALSE(read_vp8_packet(Buffer{0x11, 0}).shown.has_value());
}

TEST_CASE("a VP9 key frame is an entry") {
    CHECK(read_vp9_packet(vp9_key).entry);
    CHECK(read_vp9_packet(vp9_key).shown == 1);
    CHECK_FALSE(read_vp9_packet(vp9_inter).entry);
}

TEST_CASE("VP9 frames may be hidden and shown again") {
    CHECK(read_vp9_packet(vp9_hidden).shown == 0);
    CHECK(read_vp9_packet(vp9_again).shown == 1);
    CHECK_FALSE(read_vp9_packet(vp9_again).entry);
}

TEST_CASE("VP9 of profile 3 has one more bit in front of show_existing_frame") {
    CHECK(read_vp9_packet(bits("10 11 0 0 0 1 0")).entry);
    CHECK(read_vp9_packet(bits("10 11 0 1 000")).shown == 1);
    CHECK(read_vp9_packet(bits("10 10 0 1 0 0")).shown == 0);
}

TEST_CASE("a VP9 superframe is read frame by frame") {
    const VpxPacket packet = read_vp9_packet(superframe({vp9_key, vp9_hidden, vp9_inter}));
    CHECK(packet.entry);
    CHECK(packet.shown == 2);
    CHECK_FALSE(read_vp9_packet(superframe({vp9_hidden, vp9_key})).entry);
}

TEST_CASE("a superframe index whose sizes lie shows nothing that is known") {
    Buffer lying = superframe({vp9_key, vp9_inter});
    lying[lying.size() - 2] = 200;
    CHECK_FALSE(read_vp9_packet(lying).shown.has_value());
}

TEST_CASE("bytes that are no VP9 frame show nothing that is known") {
    CHECK_FALSE(read_vp9_packet({}).shown.has_value());
    CHECK_FALSE(read_vp9_packet(Buffer{0x00, 0x00}).shown.has_value());
    CHECK_FALSE(read_vp9_packet(superframe({vp9_key, Buffer{0x00}})).shown.has_value());
}

// A VP6 frame: bit 7 of byte 0 is 0 in a key frame, bit 0 says that there are two partitions; so does a key frame of the
// simple profile, where bits 1 and 2 of byte 1 are 0.
TEST_CASE("a VP6 key frame of two partitions is an entry") {
    CHECK(read_vp6_packet(joined({{0x41, 0x36}, Buffer(6, 0)}), false).entry);
    CHECK(read_vp6_packet(joined({{0x40, 0x30}, Buffer(6, 0)}), false).entry);
    CHECK_FALSE(read_vp6_packet(joined({{0xC1, 0x36}, Buffer(6, 0)}), false).entry);
}

TEST_CASE("a VP6 key frame of one partition may lean on the frame before and is no entry") {
    CHECK_FALSE(read_vp6_packet(joined({{0x40, 0x36}, Buffer(6, 0)}), false).entry);
}

TEST_CASE("VP6 with alpha has three bytes in front, and every VP6 packet shows one picture") {
    CHECK(read_vp6_packet(joined({{0, 0, 9, 0x41, 0x36}, Buffer(6, 0)}), true).entry);
    CHECK(read_vp6_packet(Buffer{0, 0, 9, 0xC1}, true).shown == 1);
    CHECK_FALSE(read_vp6_packet(Buffer{0, 0, 9}, true).shown.has_value());
    CHECK_FALSE(read_vp6_packet({}, false).shown.has_value());
}
