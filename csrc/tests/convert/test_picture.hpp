// A picture of pseudo-random samples that owns its planes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/picture_view.hpp"
#include "kernel_inputs.hpp"

namespace kf::tests {

class TestPicture {
public:
    TestPicture(Random& random, int width, int height, const base::PixelLayout& layout, const base::ColorSpec& color = {},
                const base::ChromaSite& site = {}) {
        view_ = {.planes = {}, .width = width, .height = height, .layout = layout, .color = color, .site = site};
        const auto sample = static_cast<std::size_t>(layout.sample_bytes());
        for (int p = 0; p < layout.planes; ++p) {
            const auto columns = static_cast<std::size_t>(layout.plane_width(p, width));
            const auto rows = static_cast<std::size_t>(layout.plane_height(p, height));
            const std::size_t stride = columns + 3;
            auto& bytes = planes_.emplace_back(stride * rows * sample);
            const auto values = random.samples<std::uint16_t>(stride * rows, 0, (1U << layout.depth) - 1U);
            for (std::size_t i = 0; i < stride * rows; ++i) {
                const std::uint16_t value = values.data()[i];
                const auto low = static_cast<std::uint8_t>(value);
                std::memcpy(bytes.data() + i * sample, sample == 1 ? static_cast<const void*>(&low) : &value, sample);
            }
            view_.planes[static_cast<std::size_t>(p)] = {bytes.data(), layout.plane_width(p, width),
                                                         layout.plane_height(p, height), layout.sample_bytes(),
                                                         static_cast<std::ptrdiff_t>(stride * sample)};
        }
    }
    TestPicture(const TestPicture&) = delete;
    TestPicture& operator=(const TestPicture&) = delete;

    [[nodiscard]] const base::PictureView& view() const noexcept { return view_; }

private:
    std::vector<std::vector<std::uint8_t>> planes_;
    base::PictureView view_;
};

/// Sample (x, y) of a plane, whatever its strides.
inline int sample_at(const base::PictureView& picture, std::size_t plane, int x, int y) {
    const base::PlaneView& view = picture.planes[plane];
    const std::uint8_t* at = view.data + y * view.row_stride + x * view.pixel_stride;
    if (picture.layout.depth == 8) return *at;
    std::uint16_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

}  // namespace kf::tests
