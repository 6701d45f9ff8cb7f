#include "convert/resampler.hpp"

#include <algorithm>
#include <cmath>

#include "convert/write_row.hpp"

namespace kf {
namespace {

int whole_floor(double value) noexcept {
    return static_cast<int>(std::floor(value));
}

int whole_ceil(double value) noexcept {
    return static_cast<int>(std::ceil(value));
}

/// One axis of one plane: output i's centre in luma samples, then in this plane's own samples at its site.
AxisGeometry axis_of(double begin, double length, int outputs, int size, int shift, double site, int samples) noexcept {
    const int span = 1 << shift;
    const double step = length / outputs;
    const int low = std::clamp(whole_floor(begin), 0, size - 1);
    const int high = std::clamp(whole_ceil(begin + length), low + 1, size);
    AxisGeometry axis;
    axis.origin = (begin + 0.5 * step - 0.5 - site) / span;
    axis.step = step / span;
    axis.outputs = outputs;
    axis.low = std::min(low >> shift, samples - 1);
    axis.high = std::clamp((high + span - 1) >> shift, axis.low + 1, samples);
    return axis;
}

void mirror(FilterTable& table) {
    const auto outputs = static_cast<std::ptrdiff_t>(table.first.size());
    std::reverse(table.first.begin(), table.first.end());
    for (std::ptrdiff_t i = 0; i < outputs / 2; ++i) {
        const auto a = table.weights.begin() + i * table.taps;
        std::swap_ranges(a, a + table.taps, table.weights.begin() + (outputs - 1 - i) * table.taps);
    }
}

bool is_unscaled(const Box& box, int width, int height) noexcept {
    return box.width == width && box.height == height && box.x == std::floor(box.x) && box.y == std::floor(box.y);
}

template <class Sample>
void resample_samples(const FilterTable& table, const std::uint8_t* samples, std::ptrdiff_t stride, float* output) noexcept {
    const std::size_t taps = static_cast<std::size_t>(table.taps);
    const float* weights = table.weights.data();
    for (std::size_t i = 0; i < table.first.size(); ++i, weights += taps) {
        const std::uint8_t* sample = samples + table.first[i] * stride;
        float sum = 0.0F;
        for (std::size_t t = 0; t < taps; ++t, sample += stride) {
            sum += weights[t] * static_cast<float>(*reinterpret_cast<const Sample*>(sample));
        }
        output[i] = sum;
    }
}

}  // namespace

Resampler::Resampler(const PictureView& picture, const Box& box, int width, int height, const PixelRequest& request)
    : width_(picture.width), height_(picture.height), layout_(picture.layout), color_(picture.color), site_(picture.site),
      box_(box), request_(request), output_width_(width), output_height_(height),
      matrix_(color_matrix(picture.color, picture.layout.depth)),
      plane_count_(request.color == ColorOrder::gray && !picture.color.rgb ? 1 : picture.layout.planes) {
    for (int p = 0; p < plane_count_; ++p) {
        Plane& plane = planes_[static_cast<std::size_t>(p)];
        const PlaneView& view = picture.planes[static_cast<std::size_t>(p)];
        const bool chroma = p > 0;
        const bool only_upsampled = chroma && is_unscaled(box, width, height);
        const Interpolation filter = only_upsampled ? Interpolation::bilinear : request.interpolation;
        plane.across = make_filter_table(axis_of(box.x, box.width, width, picture.width, chroma ? layout_.chroma_shift_x : 0,
                                                 chroma && layout_.chroma_shift_x ? site_.x : 0.0, view.width),
                                         filter, request.antialias);
        plane.down =
            make_filter_table(axis_of(box.y, box.height, height, picture.height, chroma ? layout_.chroma_shift_y : 0,
                                      chroma && layout_.chroma_shift_y ? site_.y : 0.0, view.height),
                              filter, request.antialias);
        if (box.flip) mirror(plane.across);
        plane.rows.resize(static_cast<std::size_t>(plane.down.taps) * static_cast<std::size_t>(width));
        plane.line.resize(static_cast<std::size_t>(width));
    }
}

bool Resampler::fits(const PictureView& picture, const Box& box) const noexcept {
    return picture.width == width_ && picture.height == height_ && picture.layout == layout_ && picture.color == color_ &&
           picture.site == site_ && box == box_;
}

float* Resampler::row_slot(Plane& plane, int row) noexcept {
    return plane.rows.data() + static_cast<std::size_t>(row % plane.down.taps) * static_cast<std::size_t>(output_width_);
}

void Resampler::resample_line(Plane& plane, const PlaneView& view, int line) noexcept {
    const auto at = static_cast<std::size_t>(line);
    const int first = plane.down.first[at];
    for (int row = std::max(plane.next_row, first); row < first + plane.down.taps; ++row) {
        const std::uint8_t* samples = view.data + row * view.row_stride;
        if (layout_.depth > 8) {
            resample_samples<std::uint16_t>(plane.across, samples, view.pixel_stride, row_slot(plane, row));
        } else {
            resample_samples<std::uint8_t>(plane.across, samples, view.pixel_stride, row_slot(plane, row));
        }
    }
    plane.next_row = first + plane.down.taps;
    const float* weights = plane.down.weights.data() + at * static_cast<std::size_t>(plane.down.taps);
    std::fill(plane.line.begin(), plane.line.end(), 0.0F);
    for (int t = 0; t < plane.down.taps; ++t) {
        const float weight = weights[t];
        const float* row = row_slot(plane, first + t);
        for (std::size_t x = 0; x < plane.line.size(); ++x) plane.line[x] += weight * row[x];
    }
}

void Resampler::convert(const PictureView& picture, const PixelTarget& target) noexcept {
    for (Plane& plane : planes_) plane.next_row = 0;
    std::array<float*, 3> lines{};
    for (int y = 0; y < output_height_; ++y) {
        for (int p = 0; p < plane_count_; ++p) {
            const auto at = static_cast<std::size_t>(p);
            resample_line(planes_[at], picture.planes[at], y);
            lines[at] = planes_[at].line.data();
        }
        to_rgb(lines, plane_count_, output_width_, color_.rgb, request_.color == ColorOrder::gray, matrix_);
        PixelTarget row = target;
        row.data += y * target.row_stride;
        write_row(lines, request_, row);
    }
}

}  // namespace kf
