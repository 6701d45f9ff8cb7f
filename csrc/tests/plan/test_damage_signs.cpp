// An H.264 stream written by hand, with 4 bits of frame_num (ITU-T H.264, 7.3.2.1.1, 7.3.2.2 and 7.3.3).
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <vector>

#include "plan/damage_signs.hpp"

using kf::index::FrameIndex;
using kf::plan::DamageSigns;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// An avcC record: one SPS (baseline profile, log2_max_frame_num 4, pic_order_cnt_type 2, one reference frame, 16x16) and
/// one PPS.
FrameIndex h264_index(bool allows_gaps = false) {
    FrameIndex index;
    index.codec = "h264";
    index.nal_length_size = 4;
    // 1 1 011 010, then gaps_in_frame_num_allowed, and 1 1 1 for the size in macroblocks and frame_mbs_only
    const auto last = static_cast<std::uint8_t>(allows_gaps ? 0b1111'1000 : 0b0111'1000);
    index.extradata = {1, 66, 0, 10, 0xff, 0xe1, 0, 6, 0x67, 66, 0, 10, 0b1101'1010, last, 1, 0, 2, 0x68, 0b1110'0000};
    return index;
}

/// first_mb_in_slice 0, slice_type 0, pic_parameter_set_id 0, frame_num
Bytes slice(std::uint8_t nal_header, unsigned frame_num) {
    return {0, 0, 0, 2, nal_header, static_cast<std::uint8_t>(0b1110'0001 | frame_num << 1)};
}

Bytes reference(unsigned frame_num) {
    return slice(0x61, frame_num);
}

Bytes unreferenced(unsigned frame_num) {
    return slice(0x01, frame_num);
}

}  // namespace

TEST_CASE("frame_num that skips a reference is noticed in every pass") {
    const FrameIndex index = h264_index();
    DamageSigns signs(index);
    for (int pass = 0; pass < 2; ++pass) {
        signs.begin();
        CHECK_FALSE(signs.follows_loss({}, reference(7)));
        CHECK_FALSE(signs.follows_loss({}, unreferenced(8)));
        CHECK_FALSE(signs.follows_loss({}, reference(8)));
        CHECK(signs.follows_loss({}, unreferenced(10)));
        CHECK(signs.follows_loss({}, reference(10)));
        CHECK_FALSE(signs.follows_loss({}, reference(11)));
    }
}

TEST_CASE("an SPS may allow gaps of frame_num") {
    const FrameIndex index = h264_index(true);
    DamageSigns signs(index);
    signs.begin();
    (void)signs.follows_loss({}, reference(0));
    CHECK_FALSE(signs.follows_loss({}, reference(5)));
}

TEST_CASE("three zeros in a slice are a hole") {
    const FrameIndex index = h264_index();
    const DamageSigns signs(index);
    CHECK_FALSE(signs.has_hole(std::array<std::uint8_t, 8>{0, 0, 0, 4, 0x61, 0xe1, 0, 0}));
    CHECK(signs.has_hole(std::array<std::uint8_t, 10>{0, 0, 0, 6, 0x61, 0xe1, 0, 0, 0, 1}));
}

TEST_CASE("other codecs have no frame_num") {
    FrameIndex index = h264_index();
    index.codec = "mpeg4";
    DamageSigns signs(index);
    signs.begin();
    (void)signs.follows_loss({}, reference(0));
    CHECK_FALSE(signs.follows_loss({}, reference(5)));
}
