// Targets that are made in tiles, and conversions that are told to stop.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "convert/converter.hpp"
#include "reference_converter.hpp"
#include "test_picture.hpp"

using namespace kf::convert;
using kf::base::PixelLayout;
using kf::tests::Random;
using kf::tests::ReferenceConverter;
using kf::tests::TestPicture;

namespace {

constexpr PixelLayout yuv420{3, 1, 1, 8};

PixelTarget packed(std::vector<std::uint8_t>& pixels, int width, int height) {
    pixels.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, 0xA5);
    return {pixels.data(), width, height, std::ptrdiff_t{width} * 3, 3, 1};
}

/// The worst difference from the reference at some of the pixels, those beside the seams between tiles among them.
double worst_difference(const Box& box, int width, int height, const PixelRequest& request) {
    Random random;
    const TestPicture picture(random, 37, 26, yuv420);
    std::vector<std::uint8_t> pixels;
    REQUIRE(Converter(request).convert(picture.view(), {}, box, packed(pixels, width, height), [] { return false; }));
    const ReferenceConverter reference(picture.view(), box, width, height, request);
    double worst = 0;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const bool at_seam = (x + 1) % most_outputs_a_side < 2 && (y + 1) % most_outputs_a_side < 2;
            const bool is_end = x + 1 == width || y + 1 == height;
            if (!at_seam && !is_end && (x + y) % 251 != 0) continue;
            const auto expected = reference.pixel(x, y);
            for (std::size_t c = 0; c < 3; ++c) {
                const auto at =
                    (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) * 3;
                worst = std::max(worst, std::abs(std::clamp(expected[c], 0.0, 255.0) - pixels[at + c]));
            }
        }
    }
    return worst;
}

}  // namespace

TEST_CASE("the tiles of a wide and of a high target meet without a seam") {
    for (const Interpolation interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
        for (const bool flip : {false, true}) {
            PixelRequest request;
            request.interpolation = interpolation;
            const Box box{1.5, 2.25, 30, 20, flip};
            CHECK(worst_difference(box, most_outputs_a_side * 2 + 5, 3, request) <= 1);
            CHECK(worst_difference(box, 3, most_outputs_a_side * 2 + 5, request) <= 1);
        }
    }
}

TEST_CASE("a conversion ends soon after it is interrupted") {
    Random random;
    const TestPicture picture(random, 64, 48, yuv420);
    const Box whole{0, 0, 64, 48, false};
    struct Size {
        int width;
        int height;
    };
    for (const Size size : {Size{200'000, 4}, Size{4, 200'000}, Size{4000, 2000}}) {
        std::vector<std::uint8_t> pixels;
        const PixelTarget target = packed(pixels, size.width, size.height);
        int questions = 0;
        CHECK_FALSE(Converter({}).convert(picture.view(), {}, whole, target, [&questions] { return ++questions == 2; }));
        CHECK(questions == 2);
        const auto unwritten = std::count(pixels.begin(), pixels.end(), 0xA5);
        CHECK(unwritten > static_cast<std::ptrdiff_t>(pixels.size() / 2));
    }
}

TEST_CASE("a picture of the usual size is converted without a question") {
    Random random;
    const TestPicture picture(random, 320, 240, yuv420);
    std::vector<std::uint8_t> pixels;
    int questions = 0;
    CHECK(Converter({}).convert(picture.view(), {}, {0, 0, 320, 240, false}, packed(pixels, 224, 224), [&questions] {
        ++questions;
        return false;
    }));
    CHECK(questions == 0);
}
