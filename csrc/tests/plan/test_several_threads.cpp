// Streams that several threads must not decode, because damage that nobody reports would show otherwise than on one thread.
#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "../bitstream/h264_streams.hpp"
#include "plan/several_threads.hpp"

using kf::index::FrameIndex;
using kf::plan::SeveralThreads;

namespace {

using Packet = std::vector<std::uint8_t>;

FrameIndex index_of(const char* codec) {
    FrameIndex index;
    index.codec = codec;
    return index;
}

void append(Packet& packet, std::initializer_list<std::uint8_t> nal) {
    packet.insert(packet.end(), {0, 0, 1});
    packet.insert(packet.end(), nal);
}

bool suits(const char* codec, const Packet& packet) {
    const FrameIndex index = index_of(codec);
    SeveralThreads threads(index);
    threads.read({}, packet);
    return threads.suit();
}

}  // namespace

TEST_CASE("pictures of one slice suit, those of several slices do not") {
    Packet h264;
    append(h264, {0x09, 0xF0});        // access unit delimiter
    append(h264, {0x06, 1, 1, 0x80});  // SEI
    append(h264, {0x41, 0x9A, 0x24});
    CHECK(suits("h264", h264));
    append(h264, {0x41, 0x9A, 0x24});
    CHECK_FALSE(suits("h264", h264));

    Packet hevc;
    append(hevc, {0x4E, 0x01, 1});  // prefix SEI
    append(hevc, {0x02, 0x01, 0xD0});
    CHECK(suits("hevc", hevc));
    append(hevc, {0x02, 0x01, 0x50});
    CHECK_FALSE(suits("hevc", hevc));
}

TEST_CASE("one picture that does not suit is enough") {
    const FrameIndex index = index_of("h264");
    SeveralThreads threads(index);
    Packet one;
    append(one, {0x41, 0x9A, 0x24});
    Packet two = one;
    append(two, {0x41, 0x9A, 0x24});
    threads.read({}, one);
    threads.read({}, two);
    threads.read({}, one);
    CHECK_FALSE(threads.suit());
}

TEST_CASE("streams that may hold fields do not suit, wherever their SPS is") {
    for (const bool fields : {false, true}) {
        const kf::tests::Buffer set = kf::tests::sps({.frame_mbs_only = !fields});
        Packet nal{0, 0, 1};
        nal.push_back(0x67);
        nal.insert(nal.end(), set.begin() + (set[0] == 0x67 ? 1 : 0), set.end());
        CHECK(suits("h264", nal) == !fields);
        const FrameIndex index = index_of("h264");
        SeveralThreads threads(index);
        threads.read(nal, {});
        CHECK(threads.suit() == !fields);
    }
}

TEST_CASE("packets of codecs without NAL units suit, whatever they hold") {
    Packet packet;
    append(packet, {0x41, 0x9A, 0x24});
    append(packet, {0x41, 0x9A, 0x24});
    CHECK(suits("vp9", packet));
    CHECK(suits("av1", packet));
}
