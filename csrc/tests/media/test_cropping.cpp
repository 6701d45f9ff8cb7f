// The container's cropping of a picture. Expected values are worked out by hand.
#include <doctest/doctest.h>

#include <vector>

#include "media/cropping.hpp"

using kf::base::PictureView;
using kf::base::PixelLayout;
using kf::media::cropped;
using kf::media::kept_area;

namespace {

constexpr PixelLayout subsampled{3, 1, 1, 8};

/// A picture of 11x9 in 4:2:0, 10 bits, whose rows are 32 bytes apart.
PictureView picture_in(const std::vector<std::uint8_t>& bytes) {
    PictureView picture;
    picture.width = 11;
    picture.height = 9;
    picture.layout = {3, 1, 1, 10};
    for (auto& plane : picture.planes) plane = {bytes.data(), 6, 5, 2, 32};
    picture.planes[0].width = 11;
    picture.planes[0].height = 9;
    return picture;
}

}  // namespace

TEST_CASE("what is left of a picture is rounded down to whole chroma samples") {
    const auto area = kept_area(128, 96, subsampled, {15, 11, 12, 8});
    CHECK(area.x == 14);
    CHECK(area.y == 10);
    CHECK(area.width == 100);
    CHECK(area.height == 76);
    CHECK(kept_area(128, 96, {3, 0, 0, 8}, {15, 11, 12, 8}).width == 101);
    CHECK(kept_area(128, 96, {3, 1, 0, 8}, {15, 11, 12, 8}).height == 77);
}

TEST_CASE("a picture that is not cropped keeps its odd size") {
    CHECK(kept_area(127, 95, subsampled, {}).width == 127);
    const std::vector<std::uint8_t> bytes(32 * 9);
    CHECK(cropped(picture_in(bytes), {}).planes[1].width == 6);
}

TEST_CASE("cropping moves the planes and keeps their strides") {
    const std::vector<std::uint8_t> bytes(32 * 9);
    const PictureView kept = cropped(picture_in(bytes), {3, 4, 1, 0});
    CHECK(kept.width == 6);
    CHECK(kept.height == 4);
    CHECK(kept.planes[0].data - bytes.data() == 2 * 2 + 4 * 32);
    CHECK(kept.planes[1].data - bytes.data() == 1 * 2 + 2 * 32);
    CHECK(kept.planes[1].width == 3);
    CHECK(kept.planes[2].height == 2);
    CHECK(kept.planes[2].row_stride == 32);
}

TEST_CASE("cropping that leaves nothing gives no picture") {
    const std::vector<std::uint8_t> bytes(32 * 9);
    CHECK(cropped(picture_in(bytes), {6, 0, 5, 0}).width == 0);
    CHECK(cropped(picture_in(bytes), {0, 8, 0, 0}).width == 0);
    CHECK(cropped(picture_in(bytes), {65536, 0, 65536, 0}).width == 0);
}
