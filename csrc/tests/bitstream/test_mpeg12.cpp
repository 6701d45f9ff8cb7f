// MPEG-1 and MPEG-2 headers, written as ISO/IEC 13818-2, 6.2, has them, and which pictures are shown when.
#include <doctest/doctest.h>

#include <vector>

#include "bits.hpp"
#include "bitstream/mpeg12_display.hpp"

using namespace kf::bitstream;
using kf::tests::bits;
using kf::tests::Buffer;
using kf::tests::joined;
using kf::tests::u;
using kf::tests::unit;

namespace {

enum Kind : unsigned { i = 1, p = 2, b = 3 };

/// picture_header(): temporal_reference, picture_coding_type, vbv_delay.
Buffer picture(Kind kind, unsigned temporal_reference) {
    return joined({unit(0x00, bits(u(10, temporal_reference) + u(3, kind) + u(16, 0xFFFF))), Buffer(64, 0xAA)});
}

/// sequence_header(): size, aspect ratio 1, frame rate 3, bit rate, marker, vbv size, no matrices.
Buffer sequence_header(unsigned width = 352, unsigned height = 288) {
    return unit(0xB3, bits(u(12, width) + u(12, height) + "0001 0011" + u(18, 1000) + "1" + u(10, 20) + "0 0 0"));
}

/// sequence_extension(): profile, progressive, 4:2:0, size extensions, bit rate, marker, vbv size, low_delay.
Buffer sequence_extension(unsigned more_width, bool low_delay, bool progressive = true) {
    return unit(0xB5, bits("0001" + u(8, 0x48) + (progressive ? "1" : "0") + " 01" + u(2, more_width) + "00" + u(12, 0) +
                           "1" + u(8, 0) + (low_delay ? "1" : "0")));
}

/// picture_coding_extension(): four f_codes, intra_dc_precision, picture_structure.
Buffer coding_extension(unsigned structure) {
    return unit(0xB5, bits("1000" + u(16, 0xFFFF) + "00" + u(2, structure)));
}

const Buffer gop = unit(0xB8, {0, 8, 0, 0});

Buffer entry(unsigned temporal_reference = 0) {
    return joined({sequence_header(), gop, picture(i, temporal_reference)});
}

}  // namespace

TEST_CASE("a sequence extension holds the high bits of the size") {
    const Mpeg12Packet packet = read_mpeg12_packet(joined({sequence_header(), sequence_extension(1, true)}));
    CHECK(packet.width == 4096 + 352);
    CHECK(packet.height == 288);
    CHECK(packet.low_delay);
}

TEST_CASE("a picture header holds temporal_reference and the type") {
    const Mpeg12Packet packet = read_mpeg12_packet(picture(p, 777));
    CHECK(packet.pictures == 1);
    CHECK(packet.temporal_reference == 777);
    CHECK_FALSE(packet.first_intra);
    CHECK_FALSE(packet.only_b);
}

TEST_CASE("an I-picture behind a sequence header is an entry; neither alone is") {
    CHECK(read_mpeg12_packet(entry()).entry());
    CHECK_FALSE(read_mpeg12_packet(joined({gop, picture(i, 0)})).entry());
    CHECK_FALSE(read_mpeg12_packet(joined({sequence_header(), picture(p, 0)})).entry());
    CHECK_FALSE(read_mpeg12_packet(joined({picture(i, 0), sequence_header()})).entry());
}

TEST_CASE("a B-picture is droppable without a header that later pictures are decoded by") {
    CHECK(read_mpeg12_packet(picture(b, 1)).droppable());
    CHECK_FALSE(read_mpeg12_packet(picture(p, 1)).droppable());
    CHECK_FALSE(read_mpeg12_packet(joined({sequence_header(), picture(b, 1)})).droppable());
    CHECK_FALSE(read_mpeg12_packet(joined({gop, picture(b, 1)})).droppable());
    const Buffer quant_matrix_extension = unit(0xB5, bits("0011 1"));
    CHECK_FALSE(read_mpeg12_packet(joined({picture(b, 1), quant_matrix_extension})).droppable());
}

TEST_CASE("two fields in a packet are one frame, a single field is none") {
    const Buffer field = joined({picture(p, 3), coding_extension(1)});
    const Buffer second = joined({picture(p, 3), coding_extension(2)});
    CHECK_FALSE(read_mpeg12_packet(field).is_one_frame());
    CHECK(read_mpeg12_packet(joined({field, second})).is_one_frame());
    CHECK(read_mpeg12_packet(joined({picture(p, 3), coding_extension(3)})).is_one_frame());
}

TEST_CASE("two fields in two packets complete each other") {
    Mpeg12Display display;
    (void)display.read(entry());
    CHECK_FALSE(display.read(joined({picture(p, 3), coding_extension(1)})).completes_previous);
    CHECK(display.waits());
    CHECK(display.read(joined({picture(p, 3), coding_extension(2)})).completes_previous);
    CHECK_FALSE(display.waits());
}

TEST_CASE("I- and P-pictures are shown when the next one comes, B-pictures at once") {
    Mpeg12Display display;
    CHECK(display.read(entry()).delayed);
    CHECK(display.read(picture(p, 3)).delayed);
    const PacketFacts between = display.read(picture(b, 1));
    CHECK_FALSE(between.delayed);
    CHECK(between.shown == 1);
}

TEST_CASE("with low_delay no picture waits") {
    Mpeg12Display display;
    CHECK_FALSE(display.read(joined({sequence_header(), sequence_extension(0, true), picture(i, 0)})).delayed);
}

TEST_CASE("a B-picture in front of two references is left to the decoder") {
    Mpeg12Display display;
    (void)display.read(entry());
    CHECK(display.read(picture(b, 0)).shown == unknown_pictures);
    (void)display.read(picture(p, 3));
    CHECK(display.read(picture(b, 1)).shown == 1);
}

TEST_CASE("what has no size yet, changes it, or ends the sequence is left to the decoder") {
    Mpeg12Display display;
    CHECK(display.read(picture(i, 0)).shown == unknown_pictures);
    CHECK(display.read(entry()).shown == 1);
    CHECK(display.read(joined({picture(p, 1), unit(0xB7)})).shown == unknown_pictures);
    CHECK(display.read(joined({sequence_header(176, 144), picture(i, 2)})).shown == unknown_pictures);
}

// In coded order I0 P3 B1 B2: where P3 is lost, B4 and B5 of the next group of pictures come behind I0.
TEST_CASE("a B-picture that is not shown between the references coded last follows a loss") {
    Mpeg12Display whole;
    Mpeg12Display lossy;
    for (const Buffer& packet : std::vector{entry(), picture(p, 3), picture(b, 1), picture(b, 2)}) {
        CHECK(whole.read(packet).possible_loss == PossibleLoss::none);
        (void)lossy.read(packet);
    }
    CHECK(whole.read(picture(p, 6)).possible_loss == PossibleLoss::none);
    CHECK(whole.read(picture(b, 4)).possible_loss == PossibleLoss::none);
    CHECK(lossy.read(picture(b, 4)).possible_loss == PossibleLoss::behind_last_reference);
    CHECK(lossy.counts_pictures());
}

TEST_CASE("temporal_reference goes on behind 1023") {
    Mpeg12Display display;
    for (const Buffer& packet :
         std::vector{entry(1019), picture(p, 1022), picture(b, 1020), picture(b, 1021), picture(p, 1), picture(b, 1023)})
        CHECK(display.read(packet).possible_loss == PossibleLoss::none);
    CHECK(display.read(picture(b, 3)).possible_loss == PossibleLoss::behind_last_reference);
}

TEST_CASE("every beginning of a packet is read without leaving its bytes") {
    const Buffer whole = joined({sequence_header(), sequence_extension(0, false), gop, picture(i, 0), coding_extension(3)});
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        Mpeg12Display display;
        CHECK(display.read(Bytes(whole).first(size)).shown >= unknown_pictures);
    }
}

TEST_CASE("where progressive_sequence changes, the decoder says what is shown") {
    const auto begins = [](bool progressive) {
        return joined({sequence_header(), sequence_extension(0, false, progressive), gop, picture(i, 0)});
    };
    Mpeg12Display display;
    CHECK(display.read(begins(true)).shown == 1);
    CHECK(display.read(begins(true)).shown == 1);
    CHECK(display.read(begins(false)).shown == unknown_pictures);
}
