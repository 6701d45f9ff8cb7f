// Rotated and mirrored pictures against the float64 reference and against the same pictures upright, to the bit.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "conversions.hpp"

using namespace kf::convert;
using kf::base::Orientation;
using kf::base::PictureView;
using kf::base::PixelLayout;
using kf::tests::all_kernel_sets;
using kf::tests::check_bytes;
using kf::tests::converted;
using kf::tests::Random;
using kf::tests::TestPicture;
using kf::tests::upright;
using kf::tests::whole;

namespace {

constexpr PixelLayout yuv420{3, 1, 1, 8};

struct Corner {
    double x;
    double y;
};

/// Where the upper left corner of the upright box lies that shows the same part of the picture.
Corner upright_corner(const PictureView& stored, const Box& box, Orientation orientation) {
    const double y = orientation.mirrored ? stored.height - box.y - box.height : box.y;
    switch (orientation.clockwise) {
        case 90: return {stored.height - y - box.height, box.x};
        case 180: return {stored.width - box.x - box.width, stored.height - y - box.height};
        case 270: return {y, stored.width - box.x - box.width};
        default: return {box.x, y};
    }
}

constexpr std::array<Orientation, 8> orientations{
    {{0, false}, {90, false}, {180, false}, {270, false}, {0, true}, {90, true}, {180, true}, {270, true}}};

/// The box of the stored picture, and the same part of the picture rotated, have the same values to the bit.
void check_rotated_values(const PictureView& stored, const Box& box, int width, int height, const PixelRequest& request,
                          Orientation orientation) {
    const auto plain = converted(stored, box, width, height, request);
    const bool turned = orientation.turned();
    const Corner corner = upright_corner(stored, box, orientation);
    const Box upright_box{corner.x, corner.y, turned ? box.height : box.width, turned ? box.width : box.height, false};
    const int upright_width = turned ? height : width;
    const int upright_height = turned ? width : height;
    const auto rotated = converted(stored, upright_box, upright_width, upright_height, request, orientation);
    const bool packed = request.layout == Layout::thwc;
    const int channels = packed ? 1 : request.channels();
    const auto bytes = static_cast<std::size_t>(request.pixel_bytes());
    bool equal = true;
    for (int channel = 0; channel < channels; ++channel) {
        for (int y = 0; y < upright_height; ++y) {
            for (int x = 0; x < upright_width; ++x) {
                int column = x;  // of the stored picture: the steps of a rotation undone, the last one first
                int row = y;
                if (orientation.clockwise == 270 || orientation.clockwise == 180) row = upright_height - 1 - row;
                if (orientation.clockwise == 90 || orientation.clockwise == 180) column = upright_width - 1 - column;
                if (turned) std::swap(column, row);
                if (orientation.mirrored) row = height - 1 - row;
                const auto at = [&](int line, int length, int i) {
                    return static_cast<std::size_t>(channel * width * height + line * length + i) * bytes;
                };
                const auto from = plain.begin() + static_cast<std::ptrdiff_t>(at(row, width, column));
                const auto to = rotated.begin() + static_cast<std::ptrdiff_t>(at(y, upright_width, x));
                equal = equal && std::equal(from, from + static_cast<std::ptrdiff_t>(bytes), to);
            }
        }
    }
    CHECK(equal);
}

}  // namespace

TEST_CASE("rotated pictures") {
    Random random;
    for (const PixelLayout& layout : {yuv420, PixelLayout{3, 1, 0, 10}}) {
        for (const auto& [width, height] : {std::array{32, 20}, std::array{41, 67}}) {
            const TestPicture picture(random, width, height, layout);
            const bool even = width % 2 == 0;  // else chroma at the edges of a part is that of the stored picture
            for (const Orientation orientation : orientations) {
                const PictureView shown = upright(picture.view(), orientation);
                CAPTURE(orientation.clockwise);
                CAPTURE(orientation.mirrored);
                check_bytes(picture.view(), whole(shown), shown.width, shown.height, {}, orientation);
                if (even) check_bytes(picture.view(), {3, 2, 16, 15, false}, 16, 15, {}, orientation);
                if (even) check_bytes(picture.view(), {1.5, 2, 16, 15, true}, 24, 11, {}, orientation);
            }
        }
    }
}

TEST_CASE("a rotated picture has the values of the upright one, in every layout, dtype and colour order") {
    Random random;
    for (const PixelLayout& layout : {yuv420, PixelLayout{3, 0, 0, 8}, PixelLayout{3, 1, 1, 10}}) {
        const TestPicture picture(random, 39, 70, layout);
        for (const KernelSet set : all_kernel_sets()) {
            for (const Layout order : {Layout::thwc, Layout::tchw}) {
                for (const DType dtype : {DType::uint8, DType::float16, DType::float32, DType::bfloat16}) {
                    for (const ColorOrder color : {ColorOrder::rgb, ColorOrder::bgr, ColorOrder::gray}) {
                        PixelRequest request;
                        request.kernels = set;
                        request.layout = order;
                        request.dtype = dtype;
                        request.color = color;
                        CAPTURE(static_cast<int>(set));
                        CAPTURE(static_cast<int>(dtype));
                        for (const Orientation orientation : orientations) {
                            CAPTURE(orientation.clockwise);
                            CAPTURE(orientation.mirrored);
                            check_rotated_values(picture.view(), {0, 0, 39, 70}, 39, 70, request, orientation);
                            check_rotated_values(picture.view(), {1, 2, 36, 66}, 36, 66, request, orientation);
                            check_rotated_values(picture.view(), {0.5, 2, 24, 48}, 30, 12, request, orientation);
                        }
                    }
                }
            }
        }
    }
}
