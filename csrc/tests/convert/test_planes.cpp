// The upright views that other tests compare with, and copies of planes.
#include <doctest/doctest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "convert/plane_copy.hpp"
#include "test_picture.hpp"
#include "upright_picture.hpp"

using kf::base::ChromaSite;
using kf::base::Orientation;
using kf::base::PictureView;
using kf::base::PixelLayout;
using kf::convert::copy_planes;
using kf::convert::plane_bytes;
using kf::tests::Random;
using kf::tests::sample_at;
using kf::tests::TestPicture;
using kf::tests::upright;

namespace {

/// Where a position of the upright picture lies in the coded one, in luma samples.
std::pair<double, double> coded_position(const PictureView& coded, Orientation orientation, double x, double y) {
    if (orientation.mirrored) {
        const auto [mirrored_x, mirrored_y] = coded_position(coded, {orientation.clockwise, false}, x, y);
        return {mirrored_x, coded.height - 1 - mirrored_y};
    }
    switch (orientation.clockwise) {
        case 90: return {y, coded.height - 1 - x};
        case 180: return {coded.width - 1 - x, coded.height - 1 - y};
        case 270: return {coded.width - 1 - y, x};
        default: return {x, y};
    }
}

/// Each sample of the upright picture is the coded picture's sample that lies at the same place.
void check_orientation(const PictureView& coded, Orientation orientation) {
    const PictureView shown = upright(coded, orientation);
    REQUIRE(shown.width == (orientation.turned() ? coded.height : coded.width));
    REQUIRE(shown.height == (orientation.turned() ? coded.width : coded.height));
    for (std::size_t p = 0; p < 3; ++p) {
        const auto site = [p](const PictureView& picture) { return p > 0 ? picture.site : ChromaSite{0, 0}; };
        const auto span = [p](int shift) { return p > 0 ? 1 << shift : 1; };
        for (int y = 0; y < shown.planes[p].height; ++y) {
            for (int x = 0; x < shown.planes[p].width; ++x) {
                const auto [luma_x, luma_y] =
                    coded_position(coded, orientation, x * span(shown.layout.chroma_shift_x) + site(shown).x,
                                   y * span(shown.layout.chroma_shift_y) + site(shown).y);
                const double column = (luma_x - site(coded).x) / span(coded.layout.chroma_shift_x);
                const double row = (luma_y - site(coded).y) / span(coded.layout.chroma_shift_y);
                REQUIRE(column == static_cast<int>(column));
                REQUIRE(row == static_cast<int>(row));
                REQUIRE(sample_at(shown, p, x, y) == sample_at(coded, p, static_cast<int>(column), static_cast<int>(row)));
            }
        }
    }
}

}  // namespace

TEST_CASE("mirroring and rotation keep every sample and its position") {
    Random random;
    for (const PixelLayout& layout : {PixelLayout{3, 1, 1, 8}, PixelLayout{3, 1, 0, 8}, PixelLayout{3, 0, 0, 10}}) {
        for (const auto& [width, height] : {std::pair{16, 10}, std::pair{15, 9}, std::pair{1, 7}}) {
            const ChromaSite site{0.0, layout.chroma_shift_y ? 0.5 : 0.0};
            const TestPicture picture(random, width, height, layout, {}, site);
            for (const int clockwise : {0, 90, 180, 270}) {
                CAPTURE(clockwise);
                check_orientation(picture.view(), {clockwise, false});
                check_orientation(picture.view(), {clockwise, true});
            }
        }
    }
}

TEST_CASE("planes are copied without their padding, one after the other") {
    Random random;
    for (const PixelLayout& layout : {PixelLayout{3, 1, 1, 8}, PixelLayout{1, 0, 0, 8}, PixelLayout{3, 1, 0, 10}}) {
        const TestPicture picture(random, 21, 13, layout);
        const auto bytes = static_cast<std::size_t>(plane_bytes(layout, 21, 13));
        std::vector<std::uint8_t> copy(bytes + 1, 0xA5);
        copy_planes(picture.view(), copy.data());
        CHECK(copy.back() == 0xA5);
        const std::uint8_t* at = copy.data();
        for (std::size_t p = 0; p < static_cast<std::size_t>(layout.planes); ++p) {
            for (int y = 0; y < picture.view().planes[p].height; ++y) {
                for (int x = 0; x < picture.view().planes[p].width; ++x, at += layout.sample_bytes()) {
                    const int value = layout.depth == 8 ? *at : at[0] | at[1] << 8;
                    REQUIRE(value == sample_at(picture.view(), p, x, y));
                }
            }
        }
        CHECK(at == copy.data() + bytes);
    }
}
