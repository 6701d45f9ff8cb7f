// Where frame_num and the picture order count say that an H.264 picture is lost.
#include <doctest/doctest.h>

#include <vector>

#include "bitstream/h264_loss.hpp"
#include "h264_streams.hpp"

using namespace kf::bitstream;
using namespace kf::tests;

namespace {

/// Whether a picture is lost in front of the last of these.
bool lost_before_last(const std::vector<H264Picture>& pictures) {
    H264Numbers numbers;
    for (const H264Picture& picture : pictures) numbers.follow({.pictures = {picture}, .count = 1});
    return numbers.broken();
}

H264Picture reference(unsigned frame_num) {
    return {.frame_num = frame_num, .frame_num_bits = 4, .reference = true, .pic_order_cnt_type = 2};
}

H264Picture unreferenced(unsigned frame_num) {
    return {.frame_num = frame_num, .frame_num_bits = 4, .pic_order_cnt_type = 2};
}

H264Picture with_poc(H264Picture picture, unsigned lsb) {
    picture.pic_order_cnt_type = 0;
    picture.poc_lsb = lsb;
    picture.poc_lsb_bits = 6;
    return picture;
}

H264Picture idr() {
    H264Picture picture = reference(0);
    picture.idr = true;
    return picture;
}

H264Picture resetting(H264Picture picture) {
    picture.resets_numbers = true;
    return picture;
}

H264Picture field(PictureStructure structure, unsigned frame_num) {
    H264Picture picture = reference(frame_num);
    picture.structure = structure;
    return picture;
}

}  // namespace

// ITU-T H.264, 7.4.3, with MaxFrameNum 16.
TEST_CASE("frame_num that is one more than that of the last reference is not a loss") {
    CHECK_FALSE(lost_before_last({reference(4)}));
    CHECK_FALSE(lost_before_last({idr(), reference(1), reference(2)}));
    CHECK_FALSE(lost_before_last({reference(14), reference(15), reference(0)}));
    CHECK_FALSE(lost_before_last({reference(4), unreferenced(5), unreferenced(5), reference(5)}));
    CHECK_FALSE(lost_before_last({reference(4), idr()}));
}

TEST_CASE("frame_num that skips one is a loss, for every picture up to the next reference") {
    CHECK(lost_before_last({idr(), reference(1), reference(3)}));
    CHECK(lost_before_last({reference(15), reference(1)}));
    CHECK(lost_before_last({reference(4), unreferenced(6)}));
    CHECK(lost_before_last({reference(4), unreferenced(6), unreferenced(6)}));
    CHECK(lost_before_last({reference(4), unreferenced(6), reference(6)}));
    CHECK_FALSE(lost_before_last({reference(4), reference(6), reference(7)}));
}

TEST_CASE("a lost IDR picture is noticed, and a reset of the numbers is none") {
    CHECK(lost_before_last({reference(6), reference(7), reference(1)}));
    CHECK_FALSE(lost_before_last({reference(6), resetting(reference(7)), reference(1)}));
    CHECK_FALSE(lost_before_last({reference(6), resetting(reference(7)), unreferenced(1)}));
}

TEST_CASE("frame_num that stays is a loss of MaxFrameNum - 1 pictures where the stream counts") {
    CHECK(lost_before_last({idr(), reference(1), reference(1)}));
    CHECK(lost_before_last({reference(4), reference(4)}));
    CHECK(lost_before_last({idr(), unreferenced(1), reference(1), unreferenced(1)}));
    CHECK_FALSE(lost_before_last({idr(), reference(1), unreferenced(1)}));
    CHECK_FALSE(lost_before_last({idr(), reference(0), reference(0)}));
}

TEST_CASE("the second field has the frame_num of the first") {
    using enum PictureStructure;
    CHECK_FALSE(lost_before_last({reference(3), reference(4), field(top_field, 5), field(bottom_field, 5)}));
    CHECK(lost_before_last({reference(3), reference(4), field(top_field, 5), field(bottom_field, 5), field(top_field, 7)}));
    CHECK(lost_before_last({reference(3), reference(4), field(top_field, 5), field(top_field, 5)}));
}

TEST_CASE("a POC that comes again in a sequence is a loss, up to the next reference") {
    const std::vector<H264Picture> before{with_poc(idr(), 0), with_poc(reference(1), 8), with_poc(reference(2), 4),
                                          with_poc(unreferenced(3), 2)};
    const auto lost_after = [&before](std::vector<H264Picture> more) {
        std::vector<H264Picture> all = before;
        all.insert(all.end(), more.begin(), more.end());
        return lost_before_last(all);
    };
    CHECK_FALSE(lost_after({with_poc(unreferenced(3), 6)}));
    CHECK(lost_after({with_poc(unreferenced(3), 2)}));
    CHECK(lost_after({with_poc(unreferenced(3), 2), with_poc(reference(3), 14)}));
    CHECK_FALSE(lost_after({with_poc(idr(), 0)}));
}

TEST_CASE("gaps that the SPS allows are not a loss") {
    for (const bool allowed : {false, true}) {
        H264Loss loss;
        loss.read_record(byte_stream({sps({.gaps_allowed = allowed}), pps()}), 0);
        for (const unsigned frame_num : {0U, 1U, 5U}) loss.read_packet(byte_stream({slice({.frame_num = frame_num})}), 0);
        CHECK(loss.follows_loss() == !allowed);
    }
}

// ITU-T H.264, 7.3.3 and 7.3.3.3: two references in list 0, no modification of the list, then the marking.
TEST_CASE("operation 5 of the reference picture marking resets the numbers") {
    H264ParameterSets sets;
    // entropy_coding_mode 0, bottom_field_pic_order 0, no slice groups, two lists of one reference, no weights, QPs, flags
    const Buffer picture_set = bits("0 11 01000 1 1 0 0 1 1 1 0 00 1 1 1 0 0 0 1");
    sets.read_record(byte_stream({sps({.pic_order_cnt_type = 0}), picture_set}), 0);
    const auto resets = [&sets](const std::string& marking) {
        // first_mb 0, slice_type 5, PPS 0, frame_num 3, POC 6, one reference, list as it is
        const Buffer nal = bits("0 10 00001 1 00110 1 0011 0110 0 0" + marking + "1");
        return sets.read_packet(byte_stream({nal}), 0).pictures[0].resets_numbers;
    };
    CHECK_FALSE(resets("0"));
    CHECK_FALSE(resets("1" + ue(1) + ue(0) + ue(0)));
    CHECK(resets("1" + ue(5) + ue(0)));
    CHECK(resets("1" + ue(3) + ue(7) + ue(1) + ue(5) + ue(0)));
}
