// Whole pictures against the float64 reference, with every kernel table that this processor can run.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "conversions.hpp"

using namespace kf::convert;
using kf::base::ChromaSite;
using kf::base::ColorSpec;
using kf::base::PictureView;
using kf::base::PixelLayout;
using kf::tests::all_kernel_sets;
using kf::tests::check_bytes;
using kf::tests::converted;
using kf::tests::Random;
using kf::tests::ReferenceConverter;
using kf::tests::TestPicture;
using kf::tests::whole;

namespace {

constexpr PixelLayout yuv420{3, 1, 1, 8};
constexpr std::array<PixelLayout, 7> layouts{
    {yuv420, {3, 1, 0, 8}, {3, 0, 0, 8}, {3, 0, 1, 8}, {1, 0, 0, 8}, {3, 1, 1, 10}, {1, 0, 0, 12}}};

}  // namespace

TEST_CASE("each layout, at its size, enlarged and shrunk") {
    Random random;
    for (const PixelLayout& layout : layouts) {
        const TestPicture picture(random, 37, 22, layout);
        CAPTURE(layout.planes);
        CAPTURE(layout.depth);
        check_bytes(picture.view(), whole(picture.view()), 37, 22);
        check_bytes(picture.view(), whole(picture.view()), 50, 41);
        check_bytes(picture.view(), whole(picture.view()), 13, 9);
    }
}

TEST_CASE("each matrix and range, at 8 and 10 bits") {
    Random random;
    for (const auto& [red, blue] : {std::array{0.299, 0.114}, std::array{0.2126, 0.0722}, std::array{0.2627, 0.0593}}) {
        for (const bool full_range : {false, true}) {
            for (const int depth : {8, 10}) {
                const TestPicture picture(random, 40, 12, {3, 1, 1, depth}, {red, blue, full_range, false});
                check_bytes(picture.view(), whole(picture.view()), 40, 12);
                check_bytes(picture.view(), whole(picture.view()), 24, 17);
            }
        }
    }
}

TEST_CASE("each chroma site") {
    Random random;
    for (const ChromaSite site : {ChromaSite{0, 0.5}, {0.5, 0.5}, {0, 0}, {0.5, 0}, {0, 1}, {0.5, 1}}) {
        const TestPicture picture(random, 26, 18, yuv420, {}, site);
        CAPTURE(site.x);
        CAPTURE(site.y);
        check_bytes(picture.view(), whole(picture.view()), 26, 18);
        check_bytes(picture.view(), whole(picture.view()), 40, 31);
    }
}

TEST_CASE("each filter, for boxes of whole and of fractional pixels, mirrored or not") {
    Random random;
    for (const auto interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
        for (const bool antialias : {false, true}) {
            PixelRequest request;
            request.interpolation = interpolation;
            request.antialias = antialias;
            for (const Box& box : {Box{3, 5, 20, 12, false}, Box{2.25, 1.5, 30.5, 19.75, true}, Box{0, 0, 1, 1, false}}) {
                for (const auto& [width, height] : {std::array{20, 12}, std::array{45, 30}, std::array{7, 5}}) {
                    const TestPicture picture(random, 36, 24, yuv420);
                    check_bytes(picture.view(), box, width, height, request);
                }
            }
        }
    }
}

TEST_CASE("each width of an unscaled picture") {
    Random random;
    for (int width = 1; width <= kf::tests::widest; ++width) {
        const TestPicture picture(random, width, 3, yuv420);
        CAPTURE(width);
        check_bytes(picture.view(), whole(picture.view()), width, 3);
    }
}

TEST_CASE("grey, and planes that are RGB already") {
    Random random;
    PixelRequest gray;
    gray.color = ColorOrder::gray;
    const TestPicture ycbcr(random, 30, 20, yuv420);
    const TestPicture rgb(random, 30, 20, {3, 0, 0, 8}, {0.299, 0.114, true, true});
    for (const auto& [width, height] : {std::array{30, 20}, std::array{19, 27}}) {
        check_bytes(ycbcr.view(), whole(ycbcr.view()), width, height, gray);
        check_bytes(rgb.view(), whole(rgb.view()), width, height, gray);
        check_bytes(rgb.view(), whole(rgb.view()), width, height);
    }
}

TEST_CASE("unscaled bytes of a part are those of the whole, but for chroma at its edges") {
    Random random;
    const TestPicture picture(random, 150, 40, yuv420);
    const auto frame = converted(picture.view(), whole(picture.view()), 150, 40, {});
    for (const int left : {0, 1, 6, 7}) {
        for (const int top : {0, 3, 4}) {
            for (const int width : {1, 2, 70, 71, 140}) {
                const Box box{static_cast<double>(left), static_cast<double>(top), static_cast<double>(width), 30};
                const auto part = converted(picture.view(), box, width, 30, {});
                for (int y = 1; y < 29; ++y) {
                    for (int x = 1; x < width - 1; ++x) {
                        for (int c = 0; c < 3; ++c) {
                            const auto expected = frame[static_cast<std::size_t>(((top + y) * 150 + left + x) * 3 + c)];
                            REQUIRE(part[static_cast<std::size_t>((y * width + x) * 3 + c)] == expected);
                        }
                    }
                }
                check_bytes(picture.view(), box, width, 30);
            }
        }
    }
}

TEST_CASE("every layout, dtype and colour order holds the same values") {
    Random random;
    const TestPicture picture(random, 47, 18, yuv420);
    for (const KernelSet set : all_kernel_sets()) {
        for (const DType dtype : {DType::uint8, DType::float16, DType::float32, DType::bfloat16}) {
            for (const auto& [width, height] : {std::array{47, 18}, std::array{33, 21}}) {
                PixelRequest request;
                request.kernels = set;
                request.dtype = dtype;
                request.layout = Layout::cthw;
                const Box box{2, 1, 40.5, 16, true};
                const auto value = static_cast<std::size_t>(dtype_bytes(dtype));
                const auto plane = value * static_cast<std::size_t>(width * height);
                const auto planar = converted(picture.view(), box, width, height, request);
                const auto holds_planar_values = [&](const std::vector<std::uint8_t>& packed, bool bgr) {
                    for (std::size_t i = 0; i < packed.size() / value; ++i) {
                        const std::size_t channel = bgr ? 2 - i % 3 : i % 3;
                        const auto* expected = planar.data() + channel * plane + i / 3 * value;
                        if (!std::equal(expected, expected + value, packed.data() + i * value)) return false;
                    }
                    return true;
                };
                request.layout = Layout::thwc;
                CHECK(holds_planar_values(converted(picture.view(), box, width, height, request), false));
                request.color = ColorOrder::bgr;
                CHECK(holds_planar_values(converted(picture.view(), box, width, height, request), true));
            }
        }
    }
}

TEST_CASE("floats are the reference, scaled and shifted by channel") {
    Random random;
    const TestPicture picture(random, 40, 30, yuv420);
    PixelRequest request;
    request.dtype = DType::float32;
    request.scale = {0.5F, 2.0F, 1.0F / 255};
    request.bias = {-3.0F, 10.0F, 0.25F};
    const ReferenceConverter reference(picture.view(), {4, 3, 30, 20, false}, 25, 28, request);
    for (const KernelSet set : all_kernel_sets()) {
        request.kernels = set;
        const auto pixels = converted(picture.view(), {4, 3, 30, 20, false}, 25, 28, request);
        double worst = 0;
        for (std::size_t i = 0; i < pixels.size() / sizeof(float); ++i) {
            float value = 0;
            std::memcpy(&value, pixels.data() + i * sizeof(float), sizeof value);
            const auto pixel = static_cast<int>(i / 3);
            const double level = (value - double{request.bias[i % 3]}) / double{request.scale[i % 3]};
            worst = std::max(worst, std::abs(level - reference.pixel(pixel % 25, pixel / 25)[i % 3]));
        }
        CHECK(worst <= 1e-3);  // grey levels
    }
}
