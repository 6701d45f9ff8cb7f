// Packets are made by hand: start codes of ISO/IEC 14496-2, and a VOP whose first two bits are its coding type.
#include <doctest/doctest.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "media/mpeg4_unpacker.hpp"

using kf::media::Mpeg4Unpacker;

namespace {

using Packet = std::vector<std::uint8_t>;

enum CodingType : std::uint8_t { intra = 0x00, predicted = 0x40, bidirectional = 0x80 };

Packet vop(CodingType type, std::uint8_t filling, std::size_t size = 20) {
    Packet bytes{0x00, 0x00, 0x01, 0xB6, type};
    bytes.resize(size, filling);
    return bytes;
}

Packet user_data(std::string_view text) {
    Packet bytes{0x00, 0x00, 0x01, 0xB2};
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.push_back(0);
    return bytes;
}

Packet operator+(Packet a, const Packet& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

Packet taken(Mpeg4Unpacker& unpacker, const Packet& packet, std::int64_t position, std::int64_t& place) {
    const Mpeg4Unpacker::Piece piece = unpacker.take(packet, position);
    place = piece.position;
    return {piece.bytes.begin(), piece.bytes.end()};
}

/// What an encoder puts in the place of a packed B-VOP.
Packet empty_vop() {
    return vop(predicted, 0x00, 7);
}

}  // namespace

TEST_CASE("a packed B-VOP comes in the place of the packet that follows") {
    Mpeg4Unpacker unpacker(user_data("DivX503b1393p"));
    const Packet p = vop(predicted, 0x11);
    const Packet b = vop(bidirectional, 0x22);
    std::int64_t place = 0;
    CHECK(taken(unpacker, p + b, 1000, place) == p);
    CHECK(place == 1000);
    CHECK(taken(unpacker, empty_vop(), 5000, place) == b);
    CHECK(place == 1000 + static_cast<std::int64_t>(p.size()));
    CHECK(taken(unpacker, p, 6000, place) == p);
    CHECK(place == 6000);
}

TEST_CASE("packets are left alone where the encoder does not pack") {
    const Packet two = vop(predicted, 0x11) + vop(bidirectional, 0x22);
    std::int64_t place = 0;
    for (const char* text : {"DivX503b1393", "Lavc58.134.100", "DivXp", "DivX503Build1393"}) {
        Mpeg4Unpacker unpacker(user_data(text));
        CHECK(taken(unpacker, two, 10, place) == two);
        CHECK(taken(unpacker, empty_vop(), 90, place) == empty_vop());
    }
    Mpeg4Unpacker silent({});
    CHECK(taken(silent, two, 10, place) == two);
}

TEST_CASE("user data in a packet counts from that packet on") {
    Mpeg4Unpacker unpacker({});
    const Packet first = user_data("DivX503Build1393p") + vop(predicted, 0x11);
    const Packet b = vop(bidirectional, 0x22);
    std::int64_t place = 0;
    CHECK(taken(unpacker, first + b, -1, place) == first);
    CHECK(taken(unpacker, empty_vop(), 70, place) == b);
    CHECK(place == -1);  // the position of the packet was not known
}

TEST_CASE("a second P-VOP in a packet was not packed") {
    Mpeg4Unpacker unpacker(user_data("DivX503b1393p"));
    const Packet two = vop(predicted, 0x11) + vop(predicted, 0x22);
    std::int64_t place = 0;
    CHECK(taken(unpacker, two, 10, place) == two);
}

TEST_CASE("a picture whose place is taken by a B-VOP waits in turn") {
    Mpeg4Unpacker unpacker(user_data("DivX503b1393p"));
    const Packet p = vop(predicted, 0x11);
    const Packet b = vop(bidirectional, 0x22);
    const Packet next = vop(bidirectional, 0x33);
    std::int64_t place = 0;
    CHECK(taken(unpacker, p + b, 0, place) == p);
    CHECK(taken(unpacker, next, 100, place) == b);
    CHECK(taken(unpacker, empty_vop(), 200, place) == next);
    CHECK(place == 100);
}

TEST_CASE("a new sequence drops the B-VOP that waits") {
    Mpeg4Unpacker unpacker(user_data("DivX503b1393p"));
    const Packet sequence = Packet{0x00, 0x00, 0x01, 0xB0, 0x01} + vop(intra, 0x33);
    std::int64_t place = 0;
    (void)taken(unpacker, vop(predicted, 0x11) + vop(bidirectional, 0x22), 0, place);
    CHECK(taken(unpacker, sequence, 100, place) == sequence);
    CHECK(place == 100);
}
