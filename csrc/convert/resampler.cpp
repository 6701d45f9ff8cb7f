#include "convert/resampler.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>

#include "convert/row_writer.hpp"

namespace kf {
namespace {

constexpr std::ptrdiff_t cache_line = 64;
constexpr int lines_ahead = 4;

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

std::size_t rounded_up(int count) noexcept {
    return (static_cast<std::size_t>(count) + 15) / 16 * 16;
}

}  // namespace

Resampler::Resampler(const PictureView& picture, const Box& box, int width, int height, const PixelRequest& request)
    : width_(picture.width), height_(picture.height), layout_(picture.layout), color_(picture.color), site_(picture.site),
      box_(box), request_(request), output_width_(width), output_height_(height),
      matrix_(color_matrix(picture.color, picture.layout.depth)),
      plane_count_(request.color == ColorOrder::gray && !picture.color.rgb ? 1 : picture.layout.planes),
      kernels_(&resample_kernels(request.kernels)) {
    for (auto& line : spare_) line.resize(rounded_up(width));
    for (int p = 0; p < plane_count_; ++p) {
        Plane& plane = planes_[static_cast<std::size_t>(p)];
        const PlaneView& view = picture.planes[static_cast<std::size_t>(p)];
        const bool chroma = p > 0;
        const bool only_upsampled = chroma && is_unscaled(box, width, height);
        const Interpolation filter = only_upsampled ? Interpolation::bilinear : request.interpolation;
        const int shift_x = chroma ? layout_.chroma_shift_x : 0;
        const int shift_y = chroma ? layout_.chroma_shift_y : 0;
        const AxisGeometry x = axis_of(box.x, box.width, width, picture.width, shift_x, shift_x ? site_.x : 0.0, view.width);
        const AxisGeometry y =
            axis_of(box.y, box.height, height, picture.height, shift_y, shift_y ? site_.y : 0.0, view.height);
        FilterTable across = make_filter_table(x, filter, request.antialias);
        if (box.flip) mirror(across);
        make_across(plane, across);
        plane.down = make_filter_table(y, filter, request.antialias);
        plane.rows.resize(static_cast<std::size_t>(plane.down.taps));
    }
}

void Resampler::make_across(Plane& plane, const FilterTable& table) {
    const auto taps = static_cast<std::size_t>(table.taps);
    const std::size_t stride = rounded_up(output_width_);
    plane.low = table.low;
    plane.columns = table.high - table.low;
    plane.first.resize(stride);
    plane.weights.resize(stride * taps);
    plane.straight = taps == 1;
    for (std::size_t i = 0; i < stride; ++i) {
        const std::size_t output = std::min(i, table.first.size() - 1);
        plane.first[i] = table.first[output] - table.low;
        for (std::size_t t = 0; t < taps && i == output; ++t) plane.weights[t * stride + i] = table.weights[i * taps + t];
        plane.straight = plane.straight && (i != output || plane.first[i] == static_cast<std::int32_t>(i));
    }
    int span = 0;
    for (std::size_t i = 0; i < stride; i += 16)
        span = std::max(span, std::abs(plane.first[i + 15] - plane.first[i]) + table.taps);
    plane.across = {plane.first.data(), plane.weights.data(), table.taps, output_width_, span, stride};
    plane.blended.resize(static_cast<std::size_t>(plane.columns) + line_padding);
    plane.picked.resize(stride);
}

bool Resampler::fits(const PictureView& picture, const Box& box) const noexcept {
    return picture.width == width_ && picture.height == height_ && picture.layout == layout_ && picture.color == color_ &&
           picture.site == site_ && box == box_;
}

/// The columns that are used, as rows in memory of our own: kernels read samples that lie side by side.
PlaneView Resampler::straighten(Plane& plane, const PlaneView& view) const {
    constexpr int block = 16;  // a turned plane's rows are columns in memory: small blocks stay in the cache
    const auto sample = static_cast<std::size_t>(layout_.sample_bytes());
    const std::size_t row_bytes = static_cast<std::size_t>(view.width) * sample;
    plane.upright.resize(row_bytes * static_cast<std::size_t>(view.height));
    const int end = plane.low + plane.columns;
    for (int top = plane.down.low; top < plane.down.high; top += block) {
        for (int left = plane.low; left < end; left += block) {
            for (int y = top; y < std::min(top + block, plane.down.high); ++y) {
                for (int x = left; x < std::min(left + block, end); ++x) {
                    const std::uint8_t* from = view.data + y * view.row_stride + x * view.pixel_stride;
                    std::copy_n(from, sample,
                                plane.upright.data() + static_cast<std::size_t>(y) * row_bytes +
                                    static_cast<std::size_t>(x) * sample);
                }
            }
        }
    }
    return {plane.upright.data(), view.width, view.height, layout_.sample_bytes(), static_cast<std::ptrdiff_t>(row_bytes)};
}

/// Rows lie far apart, so the processor does not see coming what it will read next.
void Resampler::prefetch(const Plane& plane, const PlaneView& view, int line) const noexcept {
    if (line >= output_height_) return;
    const int first = plane.down.first[static_cast<std::size_t>(line)];
    const std::ptrdiff_t bytes = std::ptrdiff_t{plane.columns} * layout_.sample_bytes();
    for (int t = 0; t < plane.down.taps; ++t) {
        const std::uint8_t* row = view.data + (first + t) * view.row_stride + plane.low * view.pixel_stride;
        for (std::ptrdiff_t at = 0; at < bytes; at += cache_line) __builtin_prefetch(row + at);
    }
}

float* Resampler::blend_line(Plane& plane, const PlaneView& view, int line) const noexcept {
    const auto taps = static_cast<std::size_t>(plane.down.taps);
    const auto at = static_cast<std::size_t>(line);
    const std::uint8_t* row = view.data + plane.down.first[at] * view.row_stride + plane.low * view.pixel_stride;
    for (std::size_t t = 0; t < taps; ++t, row += view.row_stride) plane.rows[t] = row;
    const auto blend = layout_.depth > 8 ? kernels_->blend_words : kernels_->blend_bytes;
    blend(plane.rows.data(), plane.down.weights.data() + at * taps, plane.down.taps, plane.columns, plane.blended.data());
    return plane.blended.data();
}

std::array<float*, 3> Resampler::resample_lines(const std::array<PlaneView, 3>& views, bool luma_too, int line) noexcept {
    std::array<float*, 3> lines{};
    for (std::size_t p = 0; p < static_cast<std::size_t>(plane_count_); ++p)
        prefetch(planes_[p], views[p], line + lines_ahead);
    for (std::size_t p = luma_too ? 0 : 1; p < static_cast<std::size_t>(plane_count_); ++p)
        lines[p] = blend_line(planes_[p], views[p], line);
    auto& [luma, u, v] = planes_;
    if (luma_too && !luma.straight) {
        kernels_->pick(lines[0], luma.across, luma.picked.data());
        lines[0] = luma.picked.data();
    }
    if (plane_count_ == 3 && !u.straight) {
        kernels_->pick_pair(lines[1], lines[2], u.across, u.picked.data(), v.picked.data());
        lines[1] = u.picked.data();
        lines[2] = v.picked.data();
    }
    return lines;
}

void Resampler::convert(const PictureView& picture, const PixelTarget& target) {
    std::array<PlaneView, 3> views = picture.planes;
    for (int p = 0; p < plane_count_; ++p) {
        const auto at = static_cast<std::size_t>(p);
        if (views[at].pixel_stride != layout_.sample_bytes()) views[at] = straighten(planes_[at], views[at]);
    }
    const RowColors colors{plane_count_, color_.rgb, matrix_};
    RowWriter writer(*kernels_, colors, request_, target, {spare_[0].data(), spare_[1].data(), spare_[2].data()});
    // Where luma is not scaled it goes from its plane into the matrix at once.
    const Plane& luma = planes_[0];
    const bool as_bytes = writer.takes_bytes() && luma.straight && luma.down.taps == 1 && layout_.depth == 8;
    for (int y = 0; y < output_height_; ++y) {
        const std::uint8_t* bytes =
            views[0].data + luma.down.first[static_cast<std::size_t>(y)] * views[0].row_stride + luma.low;
        writer.write(resample_lines(views, !as_bytes, y), as_bytes ? bytes : nullptr, y);
    }
    std::atomic_thread_fence(std::memory_order_seq_cst);  // streamed stores are seen by whoever is told of them
}

}  // namespace kf
