// Markers of Motion JPEG packets: ITU-T T.81, annex B.
#include <doctest/doctest.h>

#include "bits.hpp"
#include "bitstream/jpeg_packet.hpp"
#include "bitstream/packet_reader.hpp"

using namespace kf::bitstream;
using kf::tests::Buffer;
using kf::tests::joined;

namespace {

const Buffer start{0xFF, 0xD8};
const Buffer end{0xFF, 0xD9};
const Buffer quantisers{0xFF, 0xDB, 0x00, 0x04, 0x00, 0x01};
const Buffer huffman{0xFF, 0xC4, 0x00, 0x04, 0x00, 0x01};
const Buffer scan{0xFF, 0xDA, 0x00, 0x02, 0x12, 0xFF, 0x00, 0xFF, 0xD0, 0x34};  // with a stuffed 0 and a restart marker

/// SOF0: length, precision 8, height, width, no components.
Buffer frame_header(std::uint8_t height, std::uint8_t width) {
    return {0xFF, 0xC0, 0x00, 0x08, 0x08, 0x00, height, 0x00, width, 0x00};
}

Buffer image(const Buffer& tables, std::uint8_t height = 48) {
    return joined({start, tables, frame_header(height, 64), scan, end});
}

const Buffer both_tables = joined({quantisers, huffman});

}  // namespace

TEST_CASE("an image is counted with its size and the tables in front of it") {
    const JpegPacket packet = read_jpeg_packet(image(both_tables));
    CHECK(packet.images == 1);
    CHECK(packet.size == (48U << 16 | 64U));
    CHECK(packet.quantiser_tables);
    CHECK(packet.huffman_tables);
}

TEST_CASE("two images in a packet are two, and tables behind the first do not count") {
    const JpegPacket packet = read_jpeg_packet(joined({image(quantisers), image(both_tables)}));
    CHECK(packet.images == 2);
    CHECK_FALSE(packet.huffman_tables);
}

TEST_CASE("markers that are no frame headers are not images") {
    for (const std::uint8_t marker : Buffer{0xC4, 0xC8, 0xCC, 0xE0, 0xFE})
        CHECK(read_jpeg_packet(joined({start, {0xFF, marker, 0x00, 0x04, 0x01, 0x02}, end})).images == 0);
    for (const std::uint8_t marker : Buffer{0xC1, 0xC2, 0xC3, 0xC9, 0xCF})
        CHECK(read_jpeg_packet(joined({start, {0xFF, marker, 0x00, 0x04, 0x01, 0x02}, end})).images == 1);
}

TEST_CASE("what looks like a marker inside of a segment is data") {
    const Buffer application{0xFF, 0xE0, 0x00, 0x06, 0xFF, 0xC0, 0xFF, 0xC0};
    CHECK(read_jpeg_packet(joined({start, application, end})).images == 0);
}

TEST_CASE("bytes of 0xFF in front of a marker fill it up") {
    CHECK(read_jpeg_packet(joined({start, {0xFF, 0xFF}, frame_header(48, 64), end})).images == 1);
}

TEST_CASE("every beginning of a packet is read without leaving its bytes") {
    const Buffer whole = image(both_tables);
    for (std::size_t size = 0; size <= whole.size(); ++size) CHECK(read_jpeg_packet(Bytes(whole).first(size)).images <= 1);
    CHECK(read_jpeg_packet(Buffer{0xFF, 0xC0, 0xFF, 0xFF}).size == 0);
}

TEST_CASE("an image that brings its tables is an entry and droppable") {
    PacketReader reader({.codec = "mjpeg", .extradata = {}});
    const PacketFacts facts = reader.read(image(both_tables));
    CHECK(facts.entry);
    CHECK(facts.droppable);
    CHECK(facts.shown == 1);
}

TEST_CASE("an image that leans on tables of the one before is neither") {
    PacketReader reader({.codec = "mjpeg", .extradata = {}});
    (void)reader.read(image(both_tables));
    CHECK_FALSE(reader.read(image(quantisers)).entry);
    CHECK_FALSE(reader.read(image({})).droppable);
}

TEST_CASE("a stream that never has Huffman tables means the default ones") {
    PacketReader reader({.codec = "mjpeg", .extradata = {}});
    CHECK(reader.read(image(quantisers)).entry);
    CHECK(reader.read(image(quantisers)).entry);
}

TEST_CASE("an image of another size is no entry, and two images in a packet are left to the decoder") {
    PacketReader reader({.codec = "mjpeg", .extradata = {}});
    (void)reader.read(image(both_tables));
    CHECK_FALSE(reader.read(image(both_tables, 24)).entry);
    CHECK(reader.read(joined({image(both_tables), image(both_tables)})).shown == unknown_pictures);
}
