#include <doctest/doctest.h>

#include <cstdint>
#include <memory>

#include "engine/idle_decoders.hpp"

using kf::engine::IdleDecoders;
using kf::index::FrameIndex;
using kf::media::Decoder;

namespace {

constexpr std::int64_t many_bytes = std::int64_t{1} << 30;

FrameIndex index_of(int width) {
    FrameIndex index;
    index.codec = "h264";
    index.width = width;
    index.height = 16;
    index.reorder_depth = 2;
    return index;
}

void give(IdleDecoders& idle, int width) {
    idle.give_back(std::make_unique<Decoder>(index_of(width)));
}

}  // namespace

TEST_CASE("a decoder is taken once, for an index of the same settings") {
    IdleDecoders idle(4, many_bytes);
    CHECK(idle.take(index_of(16)) == nullptr);
    give(idle, 16);
    FrameIndex other = index_of(16);
    other.reorder_depth = 3;
    CHECK(idle.take(other) == nullptr);
    other = index_of(16);
    other.extradata = {1, 2, 3};
    CHECK(idle.take(other) == nullptr);
    CHECK(idle.take(index_of(16)) != nullptr);
    CHECK(idle.take(index_of(16)) == nullptr);
    CHECK(idle.taken() == 1);
}

TEST_CASE("the least recently used decoder goes first") {
    IdleDecoders idle(2, many_bytes);
    for (const int width : {16, 32, 48}) give(idle, width);
    CHECK(idle.take(index_of(16)) == nullptr);
    CHECK(idle.take(index_of(32)) != nullptr);
    CHECK(idle.take(index_of(48)) != nullptr);
}

TEST_CASE("with a limit of none, no decoder is kept") {
    IdleDecoders idle(2, many_bytes);
    give(idle, 16);
    idle.limit(0);
    CHECK(idle.take(index_of(16)) == nullptr);
    give(idle, 16);
    CHECK(idle.take(index_of(16)) == nullptr);
}

TEST_CASE("a decoder of H.264 with one thread can begin again, another one cannot") {
    CHECK(Decoder(index_of(16)).can_begin_again());
    FrameIndex other = index_of(16);
    other.codec = "mpeg2video";
    CHECK_FALSE(Decoder(other).can_begin_again());
}
