// H.264 parameter sets and slice headers. The first sets are written out as the syntax tables of ITU-T H.264, 7.3.2.1.1 and
// 7.3.2.2, have them.
#include <doctest/doctest.h>

#include <string>

#include "bits.hpp"
#include "bitstream/h264_headers.hpp"
#include "h264_streams.hpp"

using namespace kf::bitstream;
using namespace kf::tests;

namespace {

H264ParameterSets sets_of(std::initializer_list<Buffer> nals) {
    H264ParameterSets sets;
    sets.read_record(byte_stream(nals), 0);
    return sets;
}

}  // namespace

TEST_CASE("an SPS of the baseline profile") {
    const H264Sps set =
        read_h264_sps(bits("0 11 00111"                  // nal_ref_idc 3, nal_unit_type 7
                           "01000010 00000000 00011110"  // profile_idc 66, constraint flags, level_idc 30
                           "010"                         // seq_parameter_set_id 1
                           "011"                         // log2_max_frame_num_minus4 2
                           "1"                           // pic_order_cnt_type 0
                           "00100"                       // log2_max_pic_order_cnt_lsb_minus4 3
                           "010"                         // max_num_ref_frames 1
                           "1"                           // gaps_in_frame_num_value_allowed_flag
                           "00101 00100"                 // 5 x 4 macroblocks
                           "0 1"));                      // frame_mbs_only_flag, mb_adaptive_frame_field_flag
    CHECK(set.id == 1);
    CHECK(set.frame_num_bits == 6);
    CHECK(set.pic_order_cnt_type == 0);
    CHECK(set.poc_lsb_bits == 7);
    CHECK(set.allows_frame_num_gaps);
    CHECK_FALSE(set.frame_mbs_only);
}

TEST_CASE("an SPS of a high profile has the chroma format and scaling lists in front of frame_num") {
    const std::string delta_scale_0(63, '1');
    const H264Sps set =
        read_h264_sps(bits("0 11 00111"
                           "11110100 00000000 00011110"  // profile_idc 244
                           "1"                           // seq_parameter_set_id 0
                           "00100 1"                     // chroma_format_idc 3, separate_colour_plane_flag
                           "1 1 0"                       // bit depths, qpprime_y_zero_transform_bypass_flag
                           "1"                           // seq_scaling_matrix_present_flag: twelve lists
                           "1 000010001"  // delta_scale -8 makes nextScale 0: nothing more is coded of this list
                           "0 0 0 0 0"    // the other lists of 16 are not present
                           "1 010" +      // a list of 64: delta_scale 1, then 63 times 0
                           delta_scale_0 +
                           "0 0 0 0 0"  // the other lists of 64 are not present
                           "1"          // log2_max_frame_num_minus4 0
                           "011"        // pic_order_cnt_type 2
                           "010 0 1 1 1"));
    CHECK(set.separate_colour_planes);
    CHECK(set.frame_num_bits == 4);
    CHECK(set.pic_order_cnt_type == 2);
    CHECK(set.frame_mbs_only);
}

TEST_CASE("an SPS with pic_order_cnt_type 1 has a table of offsets") {
    const H264Sps set =
        read_h264_sps(bits("0 11 00111 01001101 00000000 00011110 1 1"
                           "010"          // pic_order_cnt_type 1
                           "0 1 1"        // delta_pic_order_always_zero_flag, two offsets
                           "011 010 011"  // two offsets of reference frames
                           "010 1 1 1 1"));
    CHECK(set.pic_order_cnt_type == 1);
    CHECK(set.poc_lsb_bits == 0);
    CHECK(set.allows_frame_num_gaps);
    CHECK(set.frame_mbs_only);
}

TEST_CASE("a PPS names its SPS") {
    const H264Pps set = read_h264_pps(bits("0 11 01000 00110 011"));
    CHECK(set.id == 5);
    CHECK(set.sps_id == 2);
}

// A 3 behind two zeros is no part of the payload. level_idc and the byte before it are 0 here.
TEST_CASE("emulation prevention bytes are left out of an SPS") {
    const Buffer plain = joined({{0x67, 66, 0, 0}, bits("010 1 011 010 0 1 1 1 1")});
    const Buffer escaped = joined({{0x67, 66, 0, 0, 3}, bits("010 1 011 010 0 1 1 1 1")});
    CHECK(read_h264_sps(plain).id == 1);
    CHECK(read_h264_sps(escaped).id == 1);
    CHECK(read_h264_sps(escaped).frame_num_bits == 4);
}

TEST_CASE("lengths in an SPS that the standard does not allow are bounded") {
    // log2_max_frame_num_minus4 is 30 and pic_order_cnt_type 0 with 40: both are at most 12.
    const Buffer lying = bits("0 11 00111 01001101 00000000 00011110 1" + ue(30) + ue(0) + ue(40) + ue(1) + "0");
    CHECK(read_h264_sps(lying).frame_num_bits == 16);
    CHECK(read_h264_sps(lying).poc_lsb_bits == 16);
}

TEST_CASE("every beginning of an SPS and a PPS is read without leaving its bytes") {
    for (const Buffer& whole : {sps({.pic_order_cnt_type = 0}), pps(7, 3)}) {
        for (std::size_t size = 1; size < whole.size(); ++size) {
            const Buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            (void)read_h264_sps(cut);
            (void)read_h264_pps(cut);
        }
    }
}

TEST_CASE("a slice header is read by the SPS that its PPS names") {
    H264ParameterSets sets = sets_of(
        {sps({.id = 0}), sps({.id = 3, .log2_max_frame_num_minus4 = 2, .pic_order_cnt_type = 0}), pps(0, 0), pps(9, 3)});
    const Buffer packet = byte_stream(
        {slice({.idr = true, .frame_num = 5, .frame_num_bits = 6, .poc_lsb = 11, .poc_lsb_bits = 4, .pps_id = 9})});
    const H264Pictures found = sets.read_packet(packet, 0);
    CHECK(found.readable);
    CHECK(found.count == 1);
    CHECK(found.pictures[0].idr);
    CHECK(found.pictures[0].reference);
    CHECK(found.pictures[0].frame_num == 5);
    CHECK(found.pictures[0].poc_lsb == 11);
}

TEST_CASE("a slice whose SPS was never seen, or whose PPS cannot exist, is not readable") {
    H264ParameterSets sets = sets_of({sps(), pps()});
    CHECK_FALSE(sets.read_packet(byte_stream({slice({.pps_id = 300})}), 0).readable);
    CHECK_FALSE(H264ParameterSets{}.read_packet(byte_stream({slice()}), 0).readable);
}

TEST_CASE("several slices of a frame are one picture, two fields are two") {
    H264ParameterSets frames = sets_of({sps(), pps()});
    CHECK(frames.read_packet(byte_stream({slice(), slice({.first_mb = 7})}), 0).count == 1);
    CHECK(frames.read_packet(byte_stream({slice(), slice({.frame_num = 1})}), 0).count == 2);
    H264ParameterSets fields = sets_of({sps({.frame_mbs_only = false}), pps()});
    const H264Pictures found = fields.read_packet(
        byte_stream({slice({.field = "1 0"}), slice({.first_mb = 9, .field = "1 0"}), slice({.field = "1 1"})}), 0);
    CHECK(found.count == 2);
    CHECK(found.pictures[0].structure == PictureStructure::top_field);
    CHECK(found.pictures[1].structure == PictureStructure::bottom_field);
}

TEST_CASE("what the SPSs of a stream allow adds up") {
    H264ParameterSets sets = sets_of({sps()});
    CHECK(sets.frames_only());
    CHECK_FALSE(sets.may_reorder());
    CHECK_FALSE(sets.allows_frame_num_gaps());
    sets.read_record(byte_stream({sps({.pic_order_cnt_type = 0, .gaps_allowed = true, .frame_mbs_only = false})}), 0);
    CHECK_FALSE(sets.frames_only());
    CHECK(sets.may_reorder());
    CHECK(sets.allows_frame_num_gaps());
}

// ISO/IEC 14496-15, 5.3.3.1: version, three bytes of profile and level, NAL length size, one SPS, one PPS.
TEST_CASE("parameter sets are read from an avcC record, and every beginning of one is harmless") {
    const Buffer record = joined(
        {{1, 77, 0, 30, 0xFF}, {0xE1}, with_lengths(2, {sps({.frame_mbs_only = false})}), {1}, with_lengths(2, {pps()})});
    H264ParameterSets sets;
    sets.read_record(record, 4);
    CHECK_FALSE(sets.frames_only());
    CHECK(sets.read_packet(with_lengths(4, {slice({.field = "0"})}), 4).readable);
    for (std::size_t size = 0; size < record.size(); ++size) {
        H264ParameterSets cut;
        cut.read_record(Bytes(record).first(size), 4);
        CHECK_FALSE(cut.read_packet(with_lengths(4, {slice({.pps_id = 1})}), 4).count > 1);
    }
}
