// I-pictures of the older codecs without start codes, and the headers that a VC-1 entry needs.
#include <doctest/doctest.h>

#include <string>

#include "bits.hpp"
#include "bitstream/intra_picture.hpp"
#include "bitstream/vc1_packet.hpp"

using namespace kf::bitstream;
using kf::tests::bits;
using kf::tests::Buffer;
using kf::tests::joined;
using kf::tests::u;
using kf::tests::unit;

TEST_CASE("MS-MPEG4 and WMV1 begin with the picture type; version 1 has a start code in front") {
    CHECK(is_msmpeg4_intra(bits("00 10101"), false));
    CHECK_FALSE(is_msmpeg4_intra(bits("01 10101"), false));
    CHECK_FALSE(is_msmpeg4_intra({}, false));
    CHECK(is_msmpeg4_intra(joined({{0, 0, 1, 0}, bits("00000 00 1")}), true));
    CHECK_FALSE(is_msmpeg4_intra(joined({{0, 0, 1, 0}, bits("00000 01 1")}), true));
    CHECK_FALSE(is_msmpeg4_intra(joined({{0, 0, 1, 1}, bits("00000 00 1")}), true));
}

TEST_CASE("WMV2 begins with one bit for P") {
    CHECK(is_wmv2_intra(Buffer{0x7F}));
    CHECK_FALSE(is_wmv2_intra(Buffer{0x80}));
    CHECK_FALSE(is_wmv2_intra({}));
}

// ITU-T H.263, 5.1: PSC, TR, PTYPE with the type in bit 9, or 111 for PLUSPTYPE.
TEST_CASE("H.263 has its picture type in PTYPE or in PLUSPTYPE") {
    const std::string begin = u(22, 0x20) + u(8, 9) + "10 000";
    CHECK(is_h263_intra(bits(begin + "011 0 0000")));
    CHECK_FALSE(is_h263_intra(bits(begin + "011 1 0000")));
    CHECK(is_h263_intra(bits(begin + "111 001" + std::string(18, '0') + "000 0")));
    CHECK_FALSE(is_h263_intra(bits(begin + "111 001" + std::string(18, '0') + "001 0")));
    CHECK_FALSE(is_h263_intra(bits(begin + "111 000" + std::string(30, '0'))));
    CHECK_FALSE(is_h263_intra(bits(u(22, 0x21) + u(8, 9) + "10 000 011 0 0000")));
    CHECK_FALSE(is_h263_intra(bits(u(22, 0x20))));
}

TEST_CASE("Sorenson's H.263 has its picture type behind the size") {
    const std::string begin = u(17, 1) + u(5, 1) + u(8, 3);
    CHECK(is_flv1_intra(bits(begin + "010 00 1")));
    CHECK_FALSE(is_flv1_intra(bits(begin + "010 01 1")));
    CHECK(is_flv1_intra(bits(begin + "000" + u(8, 64) + u(8, 48) + "00 1")));
    CHECK(is_flv1_intra(bits(begin + "001" + u(16, 64) + u(16, 48) + "00 1")));
    CHECK_FALSE(is_flv1_intra(bits(u(17, 1))));
}

namespace {

/// STRUCT_C of the main profile: SMPTE 421M, annex J. B-pictures are allowed.
const Buffer main_sequence = bits("01 0 0" + std::string(20, '0') + "0 001 00 0 1");

/// Sequence header of the advanced profile for 64 x 48: 6.1. Nothing optional but B-pictures.
const Buffer sequence = unit(0x0F, bits("11 001 01 000 00000 0" + u(12, 31) + u(12, 23) + "0 0 0 0 1 0 0 0 1"));
const std::string tools = "00" + std::string(11, '0') + "0" + "0 0 1";  // 6.2: no flag, no coded size
const Buffer entry_point = unit(0x0E, bits(tools));
const Buffer other_entry_point = unit(0x0E, bits("00" + std::string(10, '0') + "1" + "0" + "0 0 1"));

/// A frame: PTYPE, RNDCTRL, PQINDEX.
Buffer frame(const char* type) {
    return joined({unit(0x0D, bits(std::string(type) + "0 00111")), Buffer(8, 0x55)});
}

Vc1Entries advanced() {
    Vc1Entries entries;
    entries.read_extradata(joined({sequence, entry_point}), true);
    return entries;
}

}  // namespace

// 7.1.1: PTYPE is 0 for P, 10 for B, 110 for I, 1110 for BI, 1111 for a skipped picture.
TEST_CASE("a VC-1 I-picture is an entry, with or without a start code") {
    CHECK(advanced().read(frame("110")).entry);
    const Buffer packet = frame("110");
    CHECK(advanced().read(Bytes(packet).subspan(4)).entry);
    for (const char* type : {"0", "10", "1110", "1111"}) CHECK_FALSE(advanced().read(frame(type)).entry);
}

TEST_CASE("a quantiser of 0, two frames in a packet and no frame at all are no entries") {
    CHECK_FALSE(advanced().read(unit(0x0D, bits("110 0 00000 111"))).entry);
    CHECK_FALSE(advanced().read(joined({frame("110"), frame("110")})).entry);
    CHECK_FALSE(advanced().read(entry_point).entry);
    CHECK_FALSE(advanced().read({}).entry);
}

TEST_CASE("a VC-1 entry needs the entry-point header in force, from the extradata or from its own packet") {
    Vc1Entries entries = advanced();
    CHECK(entries.read(joined({other_entry_point, frame("110")})).headers);
    CHECK_FALSE(entries.read(frame("110")).entry);  // a decoder that begins here has the extradata's
    CHECK(entries.read(joined({other_entry_point, frame("110")})).entry);
    CHECK(entries.read(joined({entry_point, frame("110")})).entry);
    CHECK(entries.read(frame("110")).entry);
}

TEST_CASE("which pictures VC-1 shows is left to the decoder, and no packet is droppable") {
    CHECK(advanced().read(frame("10")).shown == unknown_pictures);
    CHECK_FALSE(advanced().read(frame("10")).droppable);
}

// Annex J and 7.1.1: without RANGERED and FINTERPFLAG, FRMCNT of 2 bits, PTYPE 1 for P, 01 for I, 00 for B or BI; BF,
// PQINDEX.
TEST_CASE("a WMV3 I-picture is an entry, but not a packet of one byte") {
    Vc1Entries entries;
    entries.read_extradata(main_sequence, false);
    CHECK(entries.read(bits("00 01 0000000 00111 1")).entry);
    CHECK_FALSE(entries.read(bits("00 1 0000000 00111 1")).entry);
    CHECK_FALSE(entries.read(bits("00 00 0000000 00111 1")).entry);
    CHECK_FALSE(entries.read(Buffer{0x10}).entry);
}

TEST_CASE("without extradata nothing is an entry; a packet that begins with headers has them") {
    CHECK_FALSE(Vc1Entries{}.read(frame("110")).entry);
    const Buffer headers = joined({sequence, entry_point});
    const Bytes found = vc1_headers(headers);
    CHECK(found.empty());  // no frame follows
    const Buffer packet = joined({headers, frame("110")});
    CHECK(vc1_headers(packet).size() == headers.size());
    CHECK(vc1_headers(joined({sequence, frame("110")})).empty());
}
