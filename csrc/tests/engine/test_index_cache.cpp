#include <doctest/doctest.h>

#include "engine/index_cache.hpp"

using kf::engine::IndexCache;
using kf::engine::IndexKey;
using kf::index::FrameIndex;

namespace {

FrameIndex index_of_size(std::int64_t source_size) {
    FrameIndex index;
    index.codec = "h264";
    index.pixel_format = "yuv420p";
    index.width = index.height = 16;
    index.time_base = {1, 25};
    index.source_size = source_size;
    kf::index::PacketEntry packet;
    packet.size = 1;
    index.packets.push_back(packet);
    index.frames.push_back({0, 0, 0});
    return index;
}

IndexKey identity(int number) {
    IndexKey made;
    made.source.inode = static_cast<decltype(made.source.inode)>(number);
    return made;
}

}  // namespace

TEST_CASE("each choice of a stream has an index of its own") {
    IndexCache cache(1 << 20);
    IndexKey second = identity(1);
    second.stream = 1;
    cache.insert(identity(1), index_of_size(100));
    CHECK(cache.find(second) == nullptr);
    cache.insert(second, index_of_size(200));
    CHECK(cache.find(identity(1))->source_size == 100);
    CHECK(cache.find(second)->source_size == 200);
}

TEST_CASE("an index is found by the identity of its file alone") {
    IndexCache cache(1 << 20);
    cache.insert(identity(1), index_of_size(100));
    REQUIRE(cache.find(identity(1)) != nullptr);
    CHECK(*cache.find(identity(1)) == index_of_size(100));
    CHECK(cache.find(identity(2)) == nullptr);
}

TEST_CASE("the least recently used index goes first") {
    std::size_t fits = 0;  // indices of one size that the cache holds
    {
        IndexCache cache(2000);
        for (int i = 0; i < 100; ++i) cache.insert(identity(i), index_of_size(100));
        for (int i = 0; i < 100; ++i) fits += cache.find(identity(i)) != nullptr;
    }
    REQUIRE(fits >= 2);
    REQUIRE(fits < 100);
    IndexCache cache(2000);
    for (int i = 0; i < static_cast<int>(fits); ++i) cache.insert(identity(i), index_of_size(100));
    REQUIRE(cache.find(identity(0)) != nullptr);  // used lately
    cache.insert(identity(1000), index_of_size(100));
    CHECK(cache.find(identity(0)) != nullptr);
    CHECK(cache.find(identity(1)) == nullptr);
    CHECK(cache.find(identity(1000)) != nullptr);
}
