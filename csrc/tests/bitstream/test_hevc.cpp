// HEVC parameter sets and packets, written as the syntax tables of ITU-T H.265, 7.3, have them.
#include <doctest/doctest.h>

#include <string>

#include "bits.hpp"
#include "bitstream/hevc_packet.hpp"

using namespace kf::bitstream;
using kf::tests::bits;
using kf::tests::Buffer;
using kf::tests::byte_stream;
using kf::tests::joined;
using kf::tests::u;
using kf::tests::ue;
using kf::tests::with_lengths;

namespace {

// nal_unit_type: table 7-1.
enum Type : unsigned {
    trail_n = 0,
    trail_r = 1,
    tsa_n = 2,
    radl_n = 6,
    radl_r = 7,
    rasl_n = 8,
    rasl_r = 9,
    bla_w_lp = 16,
    idr_n_lp = 20,
    cra = 21
};

Buffer header(unsigned type, unsigned temporal_id = 0, unsigned layer = 0) {
    return bits("0" + u(6, type) + u(6, layer) + u(3, temporal_id + 1));
}

/// 96 bits of one profile and level; sub-layers have none of their own.
Buffer sps(unsigned id, unsigned max_sub_layers_minus1, unsigned log2_poc_minus4 = 4) {
    std::string text = u(4, 0) + u(3, max_sub_layers_minus1) + "1" + "00100001" + std::string(80, '1') + u(8, 93);
    if (max_sub_layers_minus1 > 0) text += std::string(16, '0');
    text += ue(id) + ue(1) + ue(64) + ue(48) + "0" + ue(0) + ue(0) + ue(log2_poc_minus4) + "1";
    return joined({header(hevc_sps), bits(text)});
}

Buffer pps(unsigned id, unsigned sps_id, bool output_flag = false, unsigned extra_bits = 0) {
    return joined({header(hevc_pps), bits(ue(id) + ue(sps_id) + "0" + (output_flag ? "1" : "0") + u(3, extra_bits) + "1")});
}

/// First slice segment of a picture: 7.3.6.1. between: extra bits, and what the PPS adds.
Buffer slice(unsigned type, unsigned poc_lsb = 0, unsigned temporal_id = 0, const std::string& flags = "1") {
    std::string text = flags + (type >= bla_w_lp && flags.size() == 1 ? "0" : "") + ue(0) + ue(1);
    if (type != idr_n_lp) text += u(8, poc_lsb);
    return joined({header(type, temporal_id), bits(text + "1")});
}

HevcParameterSets plain_sets(unsigned max_sub_layers_minus1 = 0) {
    HevcParameterSets sets;
    sets.read_record(byte_stream({sps(0, max_sub_layers_minus1), pps(0, 0)}), 0);
    return sets;
}

HevcPacket read(std::initializer_list<Buffer> nals, unsigned max_sub_layers_minus1 = 0) {
    HevcParameterSets sets = plain_sets(max_sub_layers_minus1);
    return read_hevc_packet(byte_stream(nals), 0, sets);
}

}  // namespace

TEST_CASE("a NAL unit header has a type, a layer and a TemporalId") {
    // 0 100001 000010 011: type 33, nuh_layer_id 2, nuh_temporal_id_plus1 3.
    const auto found = read_hevc_nal_header(bits("0 100001 000010 011"));
    REQUIRE(found.has_value());
    CHECK(found->type == 33);
    CHECK(found->layer_id == 2);
    CHECK(found->temporal_id == 2);
    CHECK_FALSE(read_hevc_nal_header(Buffer{0x42}).has_value());
}

TEST_CASE("a VPS has its id in the first four bits") {
    CHECK(read_hevc_vps_id(joined({header(hevc_vps), bits("1001 11 000000")})) == 9);
}

TEST_CASE("an SPS has its id behind the profile and level of every sub-layer") {
    const HevcSps plain = read_hevc_sps(sps(5, 0));
    CHECK(plain.id == 5);
    CHECK(plain.poc_lsb_bits == 8);
    CHECK(plain.highest_temporal_id == 0);
    const HevcSps layered = read_hevc_sps(sps(3, 2));
    CHECK(layered.id == 3);
    CHECK(layered.poc_lsb_bits == 8);
    CHECK(layered.highest_temporal_id == 2);
}

TEST_CASE("sub-layers may have a profile and a level of their own") {
    const std::string of_sub_layer = std::string(88, '1') + std::string(8, '1');
    const std::string text = "0000 001 1" + std::string(88, '1') + "01011101" + "1 1" + std::string(14, '0') + of_sub_layer +
                             ue(7) + "00100 1" + ue(64) + ue(48) + "1 1 1 1 1" + ue(0) + ue(0) + ue(2);
    const HevcSps set = read_hevc_sps(joined({header(hevc_sps), bits(text)}));
    CHECK(set.id == 7);
    CHECK(set.separate_colour_planes);  // chroma_format_idc 3
    CHECK(set.poc_lsb_bits == 6);
}

TEST_CASE("a PPS says what slice headers hold") {
    const HevcPps set = read_hevc_pps(pps(6, 2, true, 5));
    CHECK(set.id == 6);
    CHECK(set.sps_id == 2);
    CHECK(set.output_flag_present);
    CHECK(set.extra_slice_header_bits == 5);
}

TEST_CASE("an IRAP picture is an entry; only IDR and BLA begin a sequence by themselves") {
    CHECK(read({slice(idr_n_lp)}).entry());
    CHECK(read({slice(idr_n_lp)}).starts_sequence);
    CHECK(read({slice(bla_w_lp)}).starts_sequence);
    CHECK(read({slice(cra)}).entry());
    CHECK_FALSE(read({slice(cra)}).starts_sequence);
    CHECK_FALSE(read({slice(trail_r)}).entry());
}

TEST_CASE("RASL pictures are told from RADL pictures") {
    CHECK(read({slice(rasl_n)}).rasl);
    CHECK(read({slice(rasl_r)}).rasl);
    CHECK_FALSE(read({slice(radl_n)}).rasl);
    CHECK_FALSE(read({slice(radl_r)}).rasl);
}

TEST_CASE("even types up to 14 are droppable at the highest TemporalId alone") {
    const HevcParameterSets sets = plain_sets(1);
    CHECK(read({slice(trail_n, 1, 1)}, 1).droppable(sets));
    CHECK(read({slice(tsa_n, 1, 1)}, 1).droppable(sets));
    CHECK(read({slice(rasl_n, 1, 1)}, 1).droppable(sets));
    CHECK_FALSE(read({slice(trail_n, 1, 0)}, 1).droppable(sets));  // the sub-layer above may refer to it
    CHECK_FALSE(read({slice(trail_r, 1, 1)}, 1).droppable(sets));
    CHECK_FALSE(read({slice(cra)}).droppable(sets));
}

TEST_CASE("delimiters, SEI messages and filler data may stand in a droppable packet, parameter sets may not") {
    const HevcParameterSets sets = plain_sets();
    for (const unsigned type : {hevc_access_unit_delimiter, hevc_filler_data, 39U, hevc_suffix_sei})
        CHECK(read({joined({header(type), {0x50}}), slice(trail_n)}).droppable(sets));
    for (const unsigned type : {hevc_vps, hevc_sps, hevc_pps, hevc_end_of_sequence, 41U})
        CHECK_FALSE(read({slice(trail_n), joined({header(type), {0x50, 0x50}})}).droppable(sets));
}

TEST_CASE("NAL units of other layers are passed over") {
    const HevcPacket packet = read({slice(trail_n), joined({header(cra, 0, 1), {0x80}})});
    CHECK(packet.pictures == 1);
    CHECK_FALSE(packet.random_access);
}

TEST_CASE("the last bits of a POC are read behind what the PPS adds to slice headers") {
    HevcParameterSets sets;
    sets.read_record(byte_stream({sps(2, 0), pps(1, 2, true, 2)}), 0);
    // first_slice_segment, PPS 1, two extra bits, slice_type 1, pic_output_flag, slice_pic_order_cnt_lsb 200
    const Buffer nal = joined({header(trail_r), bits("1 010 11 010 1 11001000 1")});
    const HevcPacket packet = read_hevc_packet(byte_stream({nal}), 0, sets);
    CHECK(packet.poc_lsb.value == 200);
    CHECK(packet.poc_lsb.bits == 8);
    CHECK(sets.may_hide_pictures());
}

TEST_CASE("an IDR picture has POC 0, and a slice of unknown sets has none") {
    CHECK(read({slice(idr_n_lp)}).poc_lsb.value == 0);
    HevcParameterSets nothing;
    CHECK_FALSE(read_hevc_packet(byte_stream({slice(trail_r, 4)}), 0, nothing).poc_lsb.value.has_value());
}

// ITU-T H.265, 8.3.1: prevTid0Pic has TemporalId 0 and is no RASL, RADL or sub-layer non-reference picture.
TEST_CASE("POCs are derived from pictures of TemporalId 0 that are no leading pictures") {
    CHECK(read({slice(trail_r)}).poc_anchor);
    CHECK_FALSE(read({slice(trail_r, 1, 1)}).poc_anchor);
    CHECK_FALSE(read({slice(trail_n)}).poc_anchor);
    CHECK_FALSE(read({slice(rasl_r)}).poc_anchor);
    CHECK_FALSE(read({slice(radl_r)}).poc_anchor);
}

TEST_CASE("no_output_of_prior_pics_flag and the end of a sequence are noticed") {
    CHECK(read({slice(cra, 0, 0, "11")}).drops_prior);
    CHECK_FALSE(read({slice(cra)}).drops_prior);
    CHECK(read({slice(trail_r), header(hevc_end_of_sequence)}).ends_sequence);
}

// ISO/IEC 14496-15, 8.3.3.1: 22 bytes, the number of arrays, then arrays of NAL units of one type.
TEST_CASE("parameter sets are read from an hvcC record, and every beginning of one is harmless") {
    const Buffer record =
        joined({Buffer(22, 1), {2}, {33, 0, 1}, with_lengths(2, {sps(0, 2)}), {34, 0, 1}, with_lengths(2, {pps(0, 0)})});
    HevcParameterSets sets;
    sets.read_record(record, 4);
    CHECK(sets.highest_temporal_id() == 2);
    for (std::size_t size = 0; size < record.size(); ++size) {
        HevcParameterSets cut;
        cut.read_record(Bytes(record).first(size), 4);
        CHECK(cut.highest_temporal_id() <= 2);
    }
}

TEST_CASE("a packet that is cut short is never droppable") {
    HevcParameterSets sets = plain_sets();
    Buffer packet = with_lengths(4, {slice(trail_n)});
    CHECK(read_hevc_packet(packet, 4, sets).droppable(sets));
    while (packet.size() > 1) {
        packet.pop_back();
        CHECK_FALSE(read_hevc_packet(packet, 4, sets).droppable(sets));
    }
}
