// Which H.264 fields make a frame, and how pictures compare by presentation.
#include <doctest/doctest.h>

#include "bits.hpp"
#include "bitstream/h264_fields.hpp"
#include "h264_streams.hpp"

using namespace kf::bitstream;
using namespace kf::tests;
using enum H264Fields::Pairing;

namespace {

/// A stream of one SPS.
struct Stream {
    explicit Stream(const Sps& set) { sets.read_record(byte_stream({sps(set), pps()}), 0); }
    H264Pictures pictures(std::initializer_list<Buffer> slices) { return sets.read_packet(byte_stream(slices), 0); }
    H264Fields::Pairing pairing(std::initializer_list<Buffer> slices) { return fields.read(pictures(slices)); }
    std::int64_t order(const Slice& header) {
        (void)fields.read(pictures({slice(header)}));
        return fields.order().value_or(-1);
    }
    H264ParameterSets sets;
    H264Fields fields;
};

Slice field(const char* parity, unsigned frame_num) {
    return {.frame_num = frame_num, .field = parity};
}

Slice with_poc(unsigned lsb, unsigned nal_ref_idc = 1, bool idr = false) {
    return {.idr = idr, .nal_ref_idc = nal_ref_idc, .poc_lsb = lsb, .poc_lsb_bits = 4};
}

constexpr Sps fields_allowed{.frame_mbs_only = false};
constexpr Sps poc_of_4_bits{.pic_order_cnt_type = 0};

}  // namespace

TEST_CASE("a frame, and two fields in one packet, are whole") {
    Stream stream(fields_allowed);
    CHECK(stream.pairing({slice(field("0", 0))}) == whole);
    CHECK(stream.pairing({slice(field("1 0", 1)), slice(field("1 1", 1))}) == whole);
    CHECK_FALSE(stream.fields.waits());
}

TEST_CASE("two fields in two packets of the same frame_num complete each other") {
    Stream stream(fields_allowed);
    CHECK(stream.pairing({slice(field("1 1", 1))}) == first_field);
    CHECK(stream.fields.waits());
    CHECK(stream.pairing({slice(field("1 0", 1))}) == second_field);
    CHECK_FALSE(stream.fields.waits());
}

TEST_CASE("fields of the same parity or of other frame_nums do not match") {
    Stream stream(fields_allowed);
    CHECK(stream.pairing({slice(field("1 0", 1))}) == first_field);
    CHECK(stream.pairing({slice(field("1 0", 1))}) == unclear);
    CHECK(stream.pairing({slice(field("1 1", 2))}) == unclear);
}

TEST_CASE("packets without a readable picture, or with three, are unclear") {
    Stream stream(fields_allowed);
    CHECK(stream.pairing({}) == unclear);
    CHECK(stream.pairing({slice({.pps_id = 256})}) == unclear);
    CHECK(stream.pairing({slice(field("0", 0)), slice(field("0", 1)), slice(field("0", 2))}) == unclear);
}

TEST_CASE("pictures compare by POC, and B-pictures lie between the references around them") {
    Stream stream(poc_of_4_bits);
    const auto first = stream.order(with_poc(0, 1, true));
    const auto last = stream.order(with_poc(6));
    const auto between = stream.order(with_poc(2, 0));
    CHECK(first < between);
    CHECK(between < last);
}

// ITU-T H.264, 8.2.1.1: with 4 bits, 2 behind 14 is 18 and 14 behind 18 is 14.
TEST_CASE("a POC goes on where its last bits start again") {
    Stream stream(poc_of_4_bits);
    const auto begin = stream.order(with_poc(0, 1, true));
    CHECK(stream.order(with_poc(8)) == begin + 8);
    CHECK(stream.order(with_poc(14)) == begin + 14);
    CHECK(stream.order(with_poc(2)) == begin + 18);
    CHECK(stream.order(with_poc(14, 0)) == begin + 14);
}

TEST_CASE("a picture that nothing refers to is no anchor for the POCs behind it") {
    Stream stream(poc_of_4_bits);
    const auto begin = stream.order(with_poc(0, 1, true));
    CHECK(stream.order(with_poc(7, 0)) == begin + 7);
    CHECK(stream.order(with_poc(15, 0)) == begin - 1);
}

TEST_CASE("what follows an IDR picture is shown after everything before it") {
    Stream stream(poc_of_4_bits);
    (void)stream.order(with_poc(0, 1, true));
    const auto before = stream.order(with_poc(7));
    CHECK(stream.order(with_poc(0, 1, true)) > before);
}

TEST_CASE("with pic_order_cnt_type 2 pictures are shown as they are coded; type 1 is not followed") {
    Stream in_order({.pic_order_cnt_type = 2});
    const auto first = in_order.order({.idr = true});
    CHECK(in_order.order({.frame_num = 1}) > first);
    H264Fields fields;
    CHECK(fields.read({.pictures = {H264Picture{.pic_order_cnt_type = 1}}, .count = 1}) == whole);
    CHECK_FALSE(fields.order().has_value());
}

TEST_CASE("a field whose second field does not come is noticed at the next picture") {
    Stream stream(fields_allowed);
    CHECK(stream.pairing({slice(field("1 0", 1))}) == first_field);
    CHECK(stream.pairing({slice(field("1 0", 2))}) == unclear);
    CHECK(stream.fields.lacks_second_field());
    CHECK(stream.pairing({slice(field("1 1", 2))}) == second_field);
    CHECK_FALSE(stream.fields.lacks_second_field());
}

TEST_CASE("two fields of which one is a reference make no frame") {
    Stream stream(fields_allowed);
    CHECK(stream.pairing({slice({.nal_ref_idc = 0, .frame_num = 1, .field = "1 0"})}) == first_field);
    CHECK(stream.pairing({slice({.nal_ref_idc = 1, .frame_num = 1, .field = "1 1"})}) == unclear);
}

TEST_CASE("two fields whose POCs are further apart than those of the first frame make no frame") {
    constexpr Sps fields_with_poc{.pic_order_cnt_type = 0, .frame_mbs_only = false};
    Stream stream(fields_with_poc);
    const auto pairing = [&stream](const char* parity, unsigned lsb) {
        return stream.pairing(
            {slice({.nal_ref_idc = 0, .frame_num = 1, .field = parity, .poc_lsb = lsb, .poc_lsb_bits = 4})});
    };
    CHECK(pairing("1 0", 0) == first_field);
    CHECK(pairing("1 1", 1) == second_field);
    CHECK(pairing("1 0", 2) == first_field);
    CHECK(pairing("1 1", 5) == unclear);
}
