// The conversion in float64, pixel by pixel, from its definition: each plane is interpolated at its sited position, then the
// matrix of ITU-T H.273 section 8.3, then the range. Shares no code with the room.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "base/picture_view.hpp"
#include "convert/pixel_request.hpp"
#include "test_picture.hpp"

namespace kf::tests {

class ReferenceConverter {
public:
    ReferenceConverter(const base::PictureView& picture, const convert::Box& box, int width, int height,
                       const convert::PixelRequest& request)
        : picture_(picture), box_(box), width_(width), height_(height), request_(request) {}

    /// Red, green and blue in 0..255, not rounded; grey three times.
    [[nodiscard]] std::array<double, 3> pixel(int x, int y) const {
        if (box_.flip) x = width_ - 1 - x;
        std::array<double, 3> values{};
        for (std::size_t p = 0; p < static_cast<std::size_t>(picture_.layout.planes); ++p) values[p] = plane_value(p, x, y);
        const bool gray = request_.color == convert::ColorOrder::gray;
        std::array<double, 3> colors = picture_.color.rgb ? from_rgb(values, gray) : from_ycbcr(values, gray);
        for (double& color : colors) color = std::clamp(color, 0.0, 255.0);
        return colors;
    }

private:
    struct Axis {
        double position;  // in samples of the plane
        double step;
        int low;  // samples [low, high) count
        int high;
    };

    static Axis axis(double begin, double length, int outputs, int output, int size, int shift, double site, int samples) {
        const double span = 1 << shift;
        const double step = length / outputs;
        const double position = (begin + (output + 0.5) * step - 0.5 - site) / span;
        const int low = std::clamp(static_cast<int>(std::floor(begin)), 0, size - 1);
        const int high = std::clamp(static_cast<int>(std::ceil(begin + length)), low + 1, size);
        return {position, step / span, std::min(low >> shift, samples - 1),
                std::min(static_cast<int>(std::ceil(high / span)), samples)};
    }

    static double filter(double distance, bool cubic, double a) {
        const double x = std::abs(distance);
        if (!cubic) return std::max(0.0, 1.0 - x);
        if (x < 1) return (a + 2) * x * x * x - (a + 3) * x * x + 1;
        if (x < 2) return a * x * x * x - 5 * a * x * x + 8 * a * x - 4 * a;
        return 0;
    }

    /// Calls add(sample, weight) for the samples of one axis. The weights need not sum to 1.
    template <class Add>
    void for_each_tap(const Axis& axis, bool cubic, const Add& add) const {
        const bool antialias = request_.antialias;
        const double widening = antialias ? std::max(1.0, axis.step) : 1.0;
        const int reach = static_cast<int>(std::ceil(2 * widening)) + 1;
        const int centre = static_cast<int>(std::floor(axis.position));
        for (int k = centre - reach; k <= centre + reach; ++k) {
            const double weight = filter((k - axis.position) / widening, cubic, antialias ? -0.5 : -0.75);
            const bool inside = k >= axis.low && k < axis.high;
            // Without antialias the samples at the edges go on beyond them, with it samples beyond are left out.
            if (inside || !antialias) add(std::clamp(k, axis.low, axis.high - 1), weight);
        }
    }

    [[nodiscard]] double plane_value(std::size_t p, int x, int y) const {
        const base::PlaneView& plane = picture_.planes[p];
        const int shift_x = p > 0 ? picture_.layout.chroma_shift_x : 0;
        const int shift_y = p > 0 ? picture_.layout.chroma_shift_y : 0;
        const Axis across =
            axis(box_.x, box_.width, width_, x, picture_.width, shift_x, shift_x ? picture_.site.x : 0, plane.width);
        const Axis down =
            axis(box_.y, box_.height, height_, y, picture_.height, shift_y, shift_y ? picture_.site.y : 0, plane.height);
        const bool unscaled =
            box_.width == width_ && box_.height == height_ && box_.x == std::floor(box_.x) && box_.y == std::floor(box_.y);
        const bool cubic = request_.interpolation == convert::Interpolation::bicubic && !(unscaled && p > 0);
        double sum = 0;
        double weights = 0;
        for_each_tap(down, cubic, [&](int row, double row_weight) {
            for_each_tap(across, cubic, [&](int column, double column_weight) {
                sum += row_weight * column_weight * sample_at(picture_, p, column, row);
                weights += row_weight * column_weight;
            });
        });
        // No tap counts where the box ends half a sample before the only sample.
        return weights != 0 ? sum / weights : sample_at(picture_, p, across.low, down.low);
    }

    [[nodiscard]] std::array<double, 3> from_rgb(const std::array<double, 3>& gbr, bool gray) const {
        const double scale = 255.0 / ((1 << picture_.layout.depth) - 1);
        const double red = gbr[2] * scale;
        const double green = gbr[0] * scale;
        const double blue = gbr[1] * scale;
        const double luma = 0.299 * red + 0.587 * green + 0.114 * blue;
        return gray ? std::array{luma, luma, luma} : std::array{red, green, blue};
    }

    [[nodiscard]] std::array<double, 3> from_ycbcr(const std::array<double, 3>& values, bool gray) const {
        const double one = 1 << (picture_.layout.depth - 8);
        const double largest = (1 << picture_.layout.depth) - 1;
        const bool full = picture_.color.full_range;
        const double luma = full ? values[0] / largest : (values[0] - 16 * one) / (219 * one);
        if (gray || picture_.layout.planes == 1) return {255 * luma, 255 * luma, 255 * luma};
        const double cb = (values[1] - 128 * one) / (full ? largest : 224 * one);
        const double cr = (values[2] - 128 * one) / (full ? largest : 224 * one);
        const double kr = picture_.color.red_weight;
        const double kb = picture_.color.blue_weight;
        const double kg = 1 - kr - kb;
        return {255 * (luma + 2 * (1 - kr) * cr), 255 * (luma - 2 * (1 - kb) * kb / kg * cb - 2 * (1 - kr) * kr / kg * cr),
                255 * (luma + 2 * (1 - kb) * cb)};
    }

    const base::PictureView& picture_;
    convert::Box box_;
    int width_;
    int height_;
    convert::PixelRequest request_;
};

}  // namespace kf::tests
