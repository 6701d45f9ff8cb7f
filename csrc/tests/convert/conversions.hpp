// What the tests of whole conversions share: pixels of a request, and the comparison of bytes with the float64 reference.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "convert/converter.hpp"
#include "reference_converter.hpp"
#include "test_picture.hpp"
#include "upright_picture.hpp"

namespace kf::tests {

inline std::vector<convert::KernelSet> all_kernel_sets() {
    std::vector<convert::KernelSet> sets = other_kernel_sets();
    sets.push_back(convert::KernelSet::portable);
    return sets;
}

inline std::size_t bytes_of(int width, int height, const convert::PixelRequest& request) {
    return static_cast<std::size_t>(width * height * request.channels() * convert::dtype_bytes(request.dtype));
}

inline std::vector<std::uint8_t> converted(const base::PictureView& picture, const convert::Box& box, int width, int height,
                                           const convert::PixelRequest& request, base::Orientation orientation = {}) {
    std::vector<std::uint8_t> pixels(bytes_of(width, height, request), 0xA5);
    const std::ptrdiff_t value = convert::dtype_bytes(request.dtype);
    const std::ptrdiff_t plane = value * width * height;
    const bool packed = request.layout == convert::Layout::thwc;
    const std::ptrdiff_t pixel = packed ? value * request.channels() : value;
    const convert::PixelTarget target{pixels.data(), width, height, width * pixel, pixel, packed ? value : plane};
    REQUIRE(convert::Converter(request).convert(picture, orientation, box, target, [] { return false; }));
    return pixels;
}

/// Packed bytes are within 1 of the reference, with every kernel table.
inline void check_bytes(const base::PictureView& picture, const convert::Box& box, int width, int height,
                        convert::PixelRequest request = {}, base::Orientation orientation = {}) {
    const base::PictureView shown = upright(picture, orientation);
    const ReferenceConverter reference(shown, box, width, height, request);
    std::vector<std::array<double, 3>> expected;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) expected.push_back(reference.pixel(x, y));
    }
    const auto channels = static_cast<std::size_t>(request.channels());
    for (const convert::KernelSet set : all_kernel_sets()) {
        request.kernels = set;
        const auto pixels = converted(picture, box, width, height, request, orientation);
        double worst = 0;
        for (std::size_t i = 0; i < pixels.size(); ++i) {
            const double exact = std::floor(expected[i / channels][i % channels] + 0.5);
            worst = std::max(worst, std::abs(pixels[i] - exact));
        }
        CAPTURE(static_cast<int>(set));
        CHECK(worst <= 1);
    }
}

inline convert::Box whole(const base::PictureView& picture) {
    return {0, 0, static_cast<double>(picture.width), static_cast<double>(picture.height), false};
}

}  // namespace kf::tests
