// Which headers the log of parameter sets is given, with their types and ids.
#include <doctest/doctest.h>

#include <vector>

#include "bits.hpp"
#include "bitstream/h264_headers.hpp"
#include "bitstream/hevc_headers.hpp"
#include "bitstream/mpeg4_vop.hpp"
#include "bitstream/parameter_sets.hpp"
#include "h264_streams.hpp"

using namespace kf::bitstream;
using namespace kf::tests;

namespace {

struct Found {
    unsigned type;
    std::uint32_t id;
    Buffer nal;
    friend bool operator==(const Found&, const Found&) = default;
};

std::vector<Found> in_packet(Codec codec, const Buffer& bytes, int nal_length_size = 0) {
    std::vector<Found> found;
    for (const FoundParameterSet& set : parameter_sets_in_packet(codec, bytes, nal_length_size))
        found.push_back({set.type, set.id, {set.nal.begin(), set.nal.end()}});
    return found;
}

const Buffer hevc_pps_3 = joined({{hevc_pps << 1, 1}, bits(ue(3) + ue(0) + "0 0 000 1")});
const Buffer hevc_vps_9 = joined({{hevc_vps << 1, 1}, bits("1001 11 000000")});

}  // namespace

TEST_CASE("H.264 sets are found in the packet's order, between other NAL units") {
    const Buffer packet = with_lengths(4, {{0x09, 0xF0}, sps({.id = 2}), pps(7, 2), slice({.idr = true})});
    CHECK(in_packet(Codec::h264, packet, 4) == std::vector<Found>{{h264_sps, 2, sps({.id = 2})}, {h264_pps, 7, pps(7, 2)}});
}

TEST_CASE("ids that no decoder takes are left out") {
    CHECK(in_packet(Codec::h264, byte_stream({sps({.id = 32}), pps(256)})).empty());
    CHECK(in_packet(Codec::h264, byte_stream({sps({.id = 31}), pps(255)})).size() == 2);
    const Buffer hevc_pps_64 = joined({{hevc_pps << 1, 1}, bits(ue(64) + ue(0) + "1")});
    CHECK(in_packet(Codec::hevc, byte_stream({hevc_pps_64})).empty());
}

TEST_CASE("HEVC sets of the base layer are found") {
    CHECK(in_packet(Codec::hevc, byte_stream({hevc_vps_9, hevc_pps_3})) ==
          std::vector<Found>{{hevc_vps, 9, hevc_vps_9}, {hevc_pps, 3, hevc_pps_3}});
    Buffer other_layer = hevc_pps_3;
    other_layer[1] = 1 << 3 | 1;
    CHECK(in_packet(Codec::hevc, byte_stream({other_layer})).empty());
    CHECK(in_packet(Codec::hevc, byte_stream({{hevc_pps << 1, 1}})).empty());
}

TEST_CASE("the headers in front of MPEG-4 VOPs are one set, each string of user data another") {
    const Buffer packet = joined({unit(0xB0, {1}), unit(0xB5, {2}), unit(0x00), unit(0x20, {3}), unit(0xB2, {'D', 'i'}),
                                  unit(0xB2, {'X'}), unit(0xB6, {4, 5})});
    const Buffer headers{0xB0, 1, 0, 0, 1, 0xB5, 2, 0, 0, 1, 0x00, 0, 0, 1, 0x20, 3};
    CHECK(in_packet(Codec::mpeg4, packet) == std::vector<Found>{{mpeg4_first_vol, 0xB0, headers},
                                                                {mpeg4_user_data, 'D', {0xB2, 'D', 'i'}},
                                                                {mpeg4_user_data, 'X', {0xB2, 'X'}}});
}

TEST_CASE("MPEG-4 start codes that overlap are no header") {
    CHECK(in_packet(Codec::mpeg4, Buffer{0, 0, 1, 0, 0, 1, 0xB6, 4}).empty());
    CHECK(in_packet(Codec::mpeg4, Buffer{0, 0, 1}).empty());
}

TEST_CASE("codecs whose headers are not logged have no sets") {
    CHECK(in_packet(Codec::mpeg12, unit(0xB3, {1, 2, 3})).empty());
    CHECK(in_packet(Codec::vp9, Buffer{0x82}).empty());
}

TEST_CASE("a record is avcC or hvcC where packets have lengths, and a packet where they have start codes") {
    const Buffer avcc = joined({{1, 77, 0, 30, 0xFF, 0xE1}, with_lengths(2, {sps()}), {1}, with_lengths(2, {pps()})});
    CHECK(parameter_sets_in_record(Codec::h264, avcc, 4).size() == 2);
    const Buffer hvcc = joined({Buffer(22, 1), {1}, {34, 0, 1}, with_lengths(2, {hevc_pps_3})});
    CHECK(parameter_sets_in_record(Codec::hevc, hvcc, 4).size() == 1);
    CHECK(parameter_sets_in_record(Codec::h264, byte_stream({sps(), pps()}), 0).size() == 2);
    for (std::size_t size = 0; size < avcc.size(); ++size)
        CHECK(parameter_sets_in_record(Codec::h264, Bytes(avcc).first(size), 4).size() < 2);
}

TEST_CASE("a new SPS voids the PPSs parsed against the old one, and a new VPS the SPSs") {
    CHECK(voids(Codec::h264, h264_sps, h264_pps));
    CHECK_FALSE(voids(Codec::h264, h264_sps, h264_sps));
    CHECK_FALSE(voids(Codec::h264, h264_pps, h264_sps));
    CHECK(voids(Codec::hevc, hevc_vps, hevc_sps));
    CHECK(voids(Codec::hevc, hevc_sps, hevc_pps));
    CHECK_FALSE(voids(Codec::hevc, hevc_pps, hevc_sps));
    CHECK_FALSE(voids(Codec::hevc, hevc_sps, hevc_sps));
    CHECK_FALSE(voids(Codec::mpeg4, mpeg4_first_vol, mpeg4_user_data));
}
