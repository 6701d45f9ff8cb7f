// The source is bytes made by hand: a block header of some length, then the packet.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>

#include "../memory_source.hpp"
#include "indexing/packet_place.hpp"

using kf::indexing::find_packet;
using kf::tests::ByteVector;

namespace {

constexpr std::array<std::uint8_t, 5> packet{9, 8, 7, 6, 5};

std::int64_t place_behind(std::size_t header, std::int64_t block) {
    ByteVector bytes(1000 + header);
    bytes.insert(bytes.end(), packet.begin(), packet.end());
    bytes.resize(bytes.size() + 10);
    return find_packet(*kf::tests::memory_source(std::move(bytes)), block, packet);
}

}  // namespace

TEST_CASE("a packet is found behind the header of its block") {
    CHECK(place_behind(0, 1000) == 1000);
    CHECK(place_behind(13, 1000) == 1013);
    CHECK(place_behind(2048, 1000) == 3048);
}

TEST_CASE("a packet is not found before its block, far behind it, or without a block") {
    CHECK(place_behind(0, 1001) == -1);
    CHECK(place_behind(2049, 1000) == -1);
    CHECK(place_behind(0, -1) == -1);
    CHECK(place_behind(0, 10'000) == -1);
}

TEST_CASE("a packet that the source cuts short is not found") {
    const auto source = kf::tests::memory_source({9, 8, 7, 6});
    CHECK(find_packet(*source, 0, packet) == -1);
}

// Each place before the packet agrees with nearly all of it, so that comparing would take the square of its size.
TEST_CASE("a search that takes too many comparisons is given up") {
    ByteVector zeros_and_one(4000, 0);
    zeros_and_one.back() = 1;
    ByteVector bytes(1500, 0);
    bytes.insert(bytes.end(), zeros_and_one.begin(), zeros_and_one.end());
    const auto source = kf::tests::memory_source(bytes);
    CHECK(find_packet(*source, 1495, zeros_and_one) == 1500);
    CHECK(find_packet(*source, 0, zeros_and_one) == -1);
}
