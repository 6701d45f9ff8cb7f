#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "plan/chunks.hpp"

using kf::index::FrameIndex;
using kf::index::PacketEntry;
using kf::plan::Chunk;
using kf::plan::plan_chunks;

namespace {

constexpr std::int32_t kib = 1024;
constexpr std::int32_t mib = 1024 * kib;

/// Direct packets, from position and size.
struct Place {
    std::int64_t position;
    std::int32_t size;
};

FrameIndex index_of(const std::vector<Place>& places) {
    FrameIndex index;
    for (const auto& [position, size] : places) {
        PacketEntry packet;
        packet.position = position;
        packet.size = size;
        packet.direct = true;
        index.packets.push_back(packet);
    }
    return index;
}

}  // namespace

TEST_CASE("packets side by side are read in one go") {
    const FrameIndex index = index_of({{100, 10}, {110, 20}, {130, 5}});
    const std::vector<Chunk> chunks = plan_chunks(index, 0, 2);
    REQUIRE(chunks.size() == 1);
    REQUIRE(chunks[0].ranges.size() == 1);
    CHECK(chunks[0].ranges[0].position == 100);
    CHECK(chunks[0].ranges[0].size == 35);
    CHECK(chunks[0].bytes == 35);
    CHECK(chunks[0].place_of(index.packets[1]) == 10);
}

TEST_CASE("a small gap is read over and a large one is not") {
    const FrameIndex index = index_of({{0, 10}, {10 + 64 * kib, 10}, {21 + 128 * kib, 10}});
    const Chunk chunk = plan_chunks(index, 0, 2).front();
    REQUIRE(chunk.ranges.size() == 2);
    CHECK(chunk.ranges[0].size == 20 + 64 * kib);
    CHECK(chunk.ranges[1].place == chunk.ranges[0].size);
    CHECK(chunk.place_of(index.packets[1]) == 10 + 64 * kib);
    CHECK(chunk.place_of(index.packets[2]) == chunk.ranges[0].size);
}

TEST_CASE("packets that lie in another order than they are decoded in, or over each other, are read once") {
    const FrameIndex index = index_of({{50, 10}, {0, 10}, {55, 20}});
    const Chunk chunk = plan_chunks(index, 0, 2).front();
    REQUIRE(chunk.ranges.size() == 1);
    CHECK(chunk.bytes == 75);
    CHECK(chunk.place_of(index.packets[0]) == 50);
    CHECK(chunk.place_of(index.packets[1]) == 0);
    CHECK(chunk.place_of(index.packets[2]) == 55);
}

TEST_CASE("a chunk holds at most 16 MiB of packets, and at least one packet") {
    const FrameIndex index = index_of({{0, 10 * mib}, {10 * mib, 6 * mib}, {16 * mib, 1}, {17 * mib, 20 * mib}});
    const std::vector<Chunk> chunks = plan_chunks(index, 0, 3);
    REQUIRE(chunks.size() == 3);
    CHECK(chunks[0].last == 1);
    CHECK(chunks[1].first == 2);
    CHECK(chunks[1].last == 2);
    CHECK(chunks[2].bytes == 20 * mib);
}

TEST_CASE("gaps count against the size of a chunk's buffer as well") {
    std::vector<Place> places;
    for (std::int64_t i = 0; i < 300; ++i) places.push_back({i * (64 * kib + 1), 1});
    const Chunk chunk = plan_chunks(index_of(places), 0, 299).front();
    CHECK(chunk.last == 299);
    CHECK(chunk.ranges.size() == 44);  // 256 gaps of 64 KiB are 16 MiB
    CHECK(chunk.bytes <= 17 * mib);
}

TEST_CASE("packets that are not direct have no range") {
    FrameIndex index = index_of({{0, 10}, {10, 10}, {20, 10}});
    index.packets[1].direct = false;
    const Chunk chunk = plan_chunks(index, 0, 2).front();
    CHECK(chunk.first == 0);
    CHECK(chunk.last == 2);
    CHECK(chunk.place_of(index.packets[0]) == 0);
    index.packets[0].direct = index.packets[2].direct = false;
    CHECK(plan_chunks(index, 0, 2).front().ranges.empty());
}

TEST_CASE("a packet that no range holds has no place") {
    const FrameIndex index = index_of({{100, 10}, {110, 10}});
    const Chunk chunk = plan_chunks(index, 0, 1).front();
    PacketEntry other = index.packets[0];
    other.position = 99;
    CHECK(chunk.place_of(other) == -1);
    other.position = 115;
    CHECK(chunk.place_of(other) == -1);
}

TEST_CASE("a chunk ahead holds what is needed and as much behind it as costs little") {
    const FrameIndex index = index_of({{0, 100 * kib}, {100 * kib, 100 * kib}, {200 * kib, 100 * kib}, {300 * kib, mib}});
    CHECK(kf::plan::plan_chunk_ahead(index, 0, 0, 3).last == 1);
    CHECK(kf::plan::plan_chunk_ahead(index, 0, 2, 3).last == 2);
    CHECK(kf::plan::plan_chunk_ahead(index, 1, 0, 3).first == 1);
    CHECK(kf::plan::plan_chunk_ahead(index, 1, 1, 1).last == 1);
    CHECK(kf::plan::plan_chunk_ahead(index, 0, 3, 3).bytes == 300 * kib + mib);
}
