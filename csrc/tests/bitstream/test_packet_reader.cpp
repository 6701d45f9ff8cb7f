// The one reader of all codecs: what it remembers from packet to packet, and that it answers "in doubt, no" for every codec.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "bits.hpp"
#include "bitstream/packet_reader.hpp"
#include "h264_streams.hpp"

using namespace kf::bitstream;
using namespace kf::tests;

namespace {

constexpr std::string_view codecs[]{"h264",       "hevc",       "vp6",       "vp6a", "vp8",  "vp9",  "av1",
                                    "mpeg1video", "mpeg2video", "mpeg4",     "vc1",  "wmv3", "wmv2", "wmv1",
                                    "msmpeg4v1",  "msmpeg4v2",  "msmpeg4v3", "h263", "flv1", "mjpeg"};

PacketReader h264_reader(const Buffer& extradata) {
    return PacketReader({.codec = "h264", .extradata = extradata});
}

/// Slices of an HEVC stream whose one SPS has POCs of 8 bits.
Buffer hevc_slice(unsigned type, unsigned poc_lsb) {
    const bool irap = type >= 16;
    const bool idr = type == 19 || type == 20;
    return joined({{static_cast<std::uint8_t>(type << 1), 1},
                   bits(std::string(irap ? "1 0" : "1") + ue(0) + ue(1) + (idr ? "" : u(8, poc_lsb)) + "1")});
}

const Buffer hevc_sets = byte_stream({joined({{33 << 1, 1},
                                              bits("0000 000 1" + std::string(88, '1') + u(8, 93) + ue(0) + ue(1) + ue(64) +
                                                   ue(48) + "0" + ue(0) + ue(0) + ue(4) + "1")}),
                                      joined({{34 << 1, 1}, bits(ue(0) + ue(0) + "0 0 000 1")})});

constexpr unsigned trail_r = 1, rasl_r = 9, idr_w_radl = 19, cra = 21, end_of_sequence = 36;

}  // namespace

TEST_CASE("every codec that has a reader is known by FFmpeg's name, and no other") {
    for (const std::string_view name : codecs) CHECK(codec_of(name) != Codec::unknown);
    CHECK(codec_of("rawvideo") == Codec::raw);
    CHECK(codec_of("theora") == Codec::unknown);
    CHECK(PacketReader({.codec = "theora", .extradata = {}}).read(Buffer{1, 2, 3}).shown == unknown_pictures);
}

TEST_CASE("an empty packet is neither an entry nor droppable in any codec") {
    for (const std::string_view name : codecs) {
        const PacketFacts facts = PacketReader({.codec = name, .extradata = {}}).read({});
        CHECK_FALSE(facts.entry);
        CHECK_FALSE(facts.droppable);
    }
}

TEST_CASE("bytes that mean nothing are not droppable in any codec") {
    const Buffer noise{0x00, 0x00, 0x01, 0xFF, 0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC, 0xDE, 0xF0};
    for (const std::string_view name : codecs)
        CHECK_FALSE(PacketReader({.codec = name, .extradata = noise}).read(noise).droppable);
}

TEST_CASE("an uncompressed picture is an entry and droppable, and only its size could tell that it is whole") {
    const PacketFacts facts = PacketReader({.codec = "rawvideo", .extradata = {}}).read(Buffer(10, 0));
    CHECK(facts.entry);
    CHECK(facts.droppable);
    CHECK_FALSE(facts.whole);
}

TEST_CASE("H.264: the second field of an IDR picture makes no second entry") {
    const Buffer sets = byte_stream({sps({.frame_mbs_only = false}), pps()});
    PacketReader reader = h264_reader(sets);
    CHECK_FALSE(reader.frames_only());
    const PacketFacts first = reader.read(byte_stream({slice({.idr = true, .field = "1 0"})}));
    CHECK(first.entry);
    CHECK(first.sequence_start);
    CHECK(reader.waits());
    const PacketFacts second = reader.read(byte_stream({slice({.field = "1 1"})}));
    CHECK(second.completes_previous);
    CHECK(second.shown == 0);
    CHECK_FALSE(second.entry);
    CHECK_FALSE(reader.waits());
}

TEST_CASE("H.264: orders are not told any more where a reference picture is lost") {
    const Buffer sets = byte_stream({sps({.pic_order_cnt_type = 2}), pps()});
    PacketReader reader = h264_reader(sets);
    CHECK(reader.read(byte_stream({slice({.idr = true})})).order.has_value());
    CHECK(reader.read(byte_stream({slice({.frame_num = 1})})).order.has_value());
    CHECK_FALSE(reader.read(byte_stream({slice({.frame_num = 3})})).order.has_value());
    CHECK_FALSE(reader.read(byte_stream({slice({.frame_num = 4})})).order.has_value());
}

TEST_CASE("H.264: a packet without a slice shows nothing, and one with three frames is left to the decoder") {
    const Buffer sets = byte_stream({sps(), pps()});
    PacketReader reader = h264_reader(sets);
    CHECK(reader.read(byte_stream({{0x09, 0xF0}})).shown == 0);
    const Buffer three = byte_stream({slice(), slice({.frame_num = 1}), slice({.frame_num = 2})});
    CHECK(reader.read(three).shown == unknown_pictures);
    CHECK_FALSE(reader.read(three).droppable);
}

TEST_CASE("an HEVC picture order count that comes again without a random access point tells of a splice") {
    PacketReader reader({.codec = "hevc", .extradata = hevc_sets});
    const auto loss = [&reader](unsigned type, unsigned poc_lsb) {
        return reader.read(byte_stream({hevc_slice(type, poc_lsb)})).possible_loss;
    };
    CHECK(loss(cra, 8) == PossibleLoss::none);
    CHECK(loss(trail_r, 12) == PossibleLoss::none);
    CHECK(loss(trail_r, 10) == PossibleLoss::none);
    CHECK(loss(trail_r, 12) == PossibleLoss::before_this);
    CHECK(loss(cra, 12) == PossibleLoss::none);
    CHECK(loss(trail_r, 10) == PossibleLoss::none);
}

TEST_CASE("HEVC: RASL pictures are not shown behind the CRA picture that the stream begins with") {
    PacketReader reader({.codec = "hevc", .extradata = hevc_sets});
    CHECK(reader.read(byte_stream({hevc_slice(cra, 8)})).shown == 1);
    CHECK(reader.read(byte_stream({hevc_slice(rasl_r, 6)})).shown == 0);
    CHECK(reader.read(byte_stream({hevc_slice(trail_r, 12)})).shown == 1);
    CHECK(reader.read(byte_stream({hevc_slice(cra, 20)})).shown == 1);
    CHECK(reader.read(byte_stream({hevc_slice(rasl_r, 18)})).shown == 1);
}

TEST_CASE("HEVC: RASL pictures are not shown behind an IRAP picture that follows an end of sequence") {
    PacketReader reader({.codec = "hevc", .extradata = hevc_sets});
    (void)reader.read(byte_stream({hevc_slice(cra, 0)}));
    (void)reader.read(byte_stream({hevc_slice(trail_r, 4), {end_of_sequence << 1, 1}}));
    // What is not yet shown is dropped there, and the bytes do not tell how much that is.
    CHECK(reader.read(byte_stream({hevc_slice(cra, 8)})).shown == unknown_pictures);
    CHECK(reader.read(byte_stream({hevc_slice(rasl_r, 6)})).shown == 0);
}

TEST_CASE("HEVC: pictures compare by POC, over the end of a sequence too") {
    PacketReader reader({.codec = "hevc", .extradata = hevc_sets});
    const auto order = [&reader](unsigned type, unsigned poc) {
        return reader.read(byte_stream({hevc_slice(type, poc)})).order.value_or(-1);
    };
    const auto first = order(idr_w_radl, 0);
    CHECK(order(trail_r, 100) == first + 100);
    CHECK(order(trail_r, 200) == first + 200);
    CHECK(order(trail_r, 10) == first + 266);  // 8 bits: 10 behind 200 is 266
    CHECK(order(idr_w_radl, 0) > first + 266);
}

TEST_CASE("AV1: the sequence header of an av1C record is taken") {
    // reduced_still_picture_header: every frame is a shown key frame.
    const Buffer record = joined({{0x81, 0, 0, 0}, {0x0A, 6}, bits("000 1 1 00000 0110 0101 0111111 101111 000 1"), {0, 0}});
    PacketReader reader({.codec = "av1", .extradata = record});
    CHECK(reader.read(Buffer{0x32, 2, 0x10, 0x00}).shown == 1);
    PacketReader without({.codec = "av1", .extradata = {}});
    CHECK(without.read(Buffer{0x32, 2, 0x10, 0x00}).shown == unknown_pictures);
}
