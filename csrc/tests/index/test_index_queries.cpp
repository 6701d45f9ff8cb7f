// What a frame index answers: rates, times, key frames. Expected values are worked out by hand.
#include <doctest/doctest.h>

#include <initializer_list>
#include <vector>

#include "index/frame_index.hpp"

using namespace kf::index;

namespace {

/// Frames at these pts in ticks of 1/100 s, one packet each, the last one shown for 4 ticks.
FrameIndex with_frames(std::initializer_list<std::int64_t> times) {
    FrameIndex index;
    index.time_base = {1, 100};
    index.last_duration = 4;
    for (const std::int64_t pts : times) {
        index.frames.push_back({pts, static_cast<std::int32_t>(index.packets.size()), 0});
        index.packets.push_back({.order = pts, .size = 10});
    }
    return index;
}

}  // namespace

TEST_CASE("the duration goes from the first frame to the end of the last one") {
    CHECK(with_frames({100, 104, 110}).duration() == doctest::Approx(0.14));
    CHECK(with_frames({}).duration() == 0.0);
}

TEST_CASE("frames per second are the container's, or else the mean of the frames") {
    FrameIndex index = with_frames({0, 4, 8, 12});
    CHECK(index.fps() == doctest::Approx(25.0));
    index.average_rate = {30000, 1001};
    CHECK(index.fps() == doctest::Approx(29.97).epsilon(1e-4));
    CHECK(with_frames({}).fps() == 0.0);
}

TEST_CASE("the bit rate is the container's, or else the mean of the packets") {
    FrameIndex index = with_frames({0, 4, 8, 12});  // 40 bytes in 0.16 s
    CHECK(index.bit_rate() == 2000);
    index.stated_bit_rate = 1234;
    CHECK(index.bit_rate() == 1234);
    CHECK(with_frames({}).bit_rate() == 0);
}

TEST_CASE("the sample aspect ratio is that of the upright picture, and 1 where nothing is said") {
    FrameIndex index = with_frames({0});
    CHECK(index.shown_sample_aspect_ratio() == Rational{1, 1});
    index.properties.sample_aspect_ratio = {16, 11};
    CHECK(index.shown_sample_aspect_ratio() == Rational{16, 11});
    index.orientation.clockwise = 90;
    CHECK(index.shown_sample_aspect_ratio() == Rational{11, 16});
    index.orientation.clockwise = 180;
    CHECK(index.shown_sample_aspect_ratio() == Rational{16, 11});
}

TEST_CASE("a video that lasts no time has no rate") {
    FrameIndex index = with_frames({5, 5});
    index.last_duration = 0;
    CHECK(index.fps() == 0.0);
}

TEST_CASE("the frame at t seconds is the last one whose pts is not later") {
    const FrameIndex index = with_frames({100, 104, 110});
    CHECK(index.frame_at(1.00) == 0);
    CHECK(index.frame_at(1.039) == 0);
    CHECK(index.frame_at(1.04) == 1);
    CHECK(index.frame_at(1.099) == 1);
    CHECK(index.frame_at(1.139) == 2);
}

TEST_CASE("no frame is shown before the first one, at the end, or at no number") {
    const FrameIndex index = with_frames({100, 104});
    CHECK_FALSE(index.frame_at(0.99).has_value());
    CHECK_FALSE(index.frame_at(1.08).has_value());
    CHECK_FALSE(index.frame_at(0.0 / 0.0).has_value());
    CHECK_FALSE(with_frames({}).frame_at(0.0).has_value());
}

TEST_CASE("of frames at the same time the last one is shown") {
    CHECK(with_frames({0, 4, 4, 8}).frame_at(0.05) == 2);
}

TEST_CASE("key frames are the first frames of entries, in presentation order") {
    FrameIndex index = with_frames({0, 1, 2, 3});
    index.packets[2].entry = true;
    index.packets[3].entry = true;
    index.frames = {{0, 1, 0}, {1, 3, 0}, {2, 2, 0}, {3, 2, 1}};  // packet 2 shows two pictures
    CHECK(index.keyframes() == std::vector<std::int64_t>{1, 2});
    CHECK(index.keyframe_spacing() == doctest::Approx(2.0));
    CHECK(with_frames({0, 1, 2}).keyframe_spacing() == doctest::Approx(3.0));
}

TEST_CASE("the share of droppable packets is known where all packets were read") {
    FrameIndex index = with_frames({0, 1, 2, 3});
    for (PacketEntry& packet : index.packets) packet.droppable = Droppable::no;
    index.packets[1].droppable = Droppable::yes;
    CHECK(index.droppable_share() == doctest::Approx(0.25));
    index.packets[3].droppable = Droppable::unknown;
    CHECK_FALSE(index.droppable_share().has_value());
    CHECK(index.bytes() == 40);
}

TEST_CASE("a quarter turn swaps the sides") {
    FrameIndex index;
    index.width = 64;
    index.height = 48;
    for (const std::int32_t rotation : {0, 90, 180, 270}) {
        index.orientation.clockwise = rotation;
        CHECK(index.shown_width() == (rotation % 180 == 0 ? 64 : 48));
        CHECK(index.shown_height() == (rotation % 180 == 0 ? 48 : 64));
    }
}
