#include "convert/resampler.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>

#include "convert/row_writer.hpp"

namespace kf::convert {

using base::PictureView;
using base::PlaneView;

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

bool is_unscaled(const Box& box, int width, int height) noexcept {
    return box.width == width && box.height == height && box.x == std::floor(box.x) && box.y == std::floor(box.y);
}

}  // namespace

Resampler::Resampler(const PictureView& picture, const Box& box, int width, int height, const PixelRequest& request)
    : width_(picture.width), height_(picture.height), layout_(picture.layout), color_(picture.color), site_(picture.site),
      box_(box), request_(request), output_width_(width), output_height_(height),
      matrix_(color_matrix(picture.color, picture.layout.depth)),
      plane_count_(request.color == ColorOrder::gray && !picture.color.rgb ? 1 : picture.layout.planes),
      kernels_(&resample_kernels(request.kernels)) {
    for (auto& line : spare_) line.resize(padded_outputs(static_cast<std::size_t>(width)));
    for (std::size_t p = 0; p < static_cast<std::size_t>(plane_count_); ++p) make_plane(p, picture);
}

void Resampler::make_plane(std::size_t index, const PictureView& picture) {
    Plane& plane = planes_[index];
    const PlaneView& view = picture.planes[index];
    const bool chroma = index > 0;
    const bool only_upsampled = chroma && is_unscaled(box_, output_width_, output_height_);
    const Interpolation filter = only_upsampled ? Interpolation::bilinear : request_.interpolation;
    const int shift_x = chroma ? layout_.chroma_shift_x : 0;
    const int shift_y = chroma ? layout_.chroma_shift_y : 0;
    const AxisGeometry x = axis_of(box_.x, box_.width, output_width_, width_, shift_x, shift_x ? site_.x : 0.0, view.width);
    const AxisGeometry y =
        axis_of(box_.y, box_.height, output_height_, height_, shift_y, shift_y ? site_.y : 0.0, view.height);
    plane.down = make_filter_table(y, filter, request_.antialias);
    plane.across = make_across_table(make_filter_table(x, filter, request_.antialias), box_.flip, layout_.sample_bytes());
    plane.across_first = plane.down.taps <= 2 && plane.across.kernel.quads != nullptr;
    plane.rows.resize(static_cast<std::size_t>(plane.down.taps));
    plane.blended.resize(static_cast<std::size_t>(plane.across.columns) + line_padding);
    for (auto& line : plane.picked) line.resize(plane.across.kernel.stride);
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
    const int end = plane.across.low + plane.across.columns;
    for (int top = plane.down.low; top < plane.down.high; top += block) {
        for (int left = plane.across.low; left < end; left += block) {
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

/// Rows lie far apart, so the processor does not see coming what it will read next. GCC drops calls of functions that do
/// nothing but prefetch: what was fetched must be noted here.
void Resampler::prefetch(Plane& plane, const PlaneView& view, int line) const noexcept {
    const int last = plane.down.first[static_cast<std::size_t>(std::min(line, output_height_ - 1))] + plane.down.taps - 1;
    const std::ptrdiff_t bytes = std::ptrdiff_t{plane.across.columns} * layout_.sample_bytes();
    for (int row = std::max(plane.fetched + 1, last - plane.down.taps + 1); row <= last; ++row) {
        const std::uint8_t* begin = view.data + row * view.row_stride + plane.across.low * view.pixel_stride;
        for (std::ptrdiff_t at = 0; at < bytes; at += cache_line) __builtin_prefetch(begin + at);
        __builtin_prefetch(begin + bytes - 1);
    }
    plane.fetched = last;
}

/// Rows blended down, then picked across.
LinePair Resampler::blended_line(Plane& plane, const PlaneView& view, int line) const noexcept {
    const auto taps = static_cast<std::size_t>(plane.down.taps);
    const auto at = static_cast<std::size_t>(line);
    const std::uint8_t* row = view.data + plane.down.first[at] * view.row_stride + plane.across.low * view.pixel_stride;
    for (std::size_t t = 0; t < taps; ++t, row += view.row_stride) plane.rows[t] = row;
    const auto blend = layout_.depth > 8 ? kernels_->blend_words : kernels_->blend_bytes;
    blend(plane.rows.data(), plane.down.weights.data() + at * taps, plane.down.taps, plane.across.columns,
          plane.blended.data());
    const float* whole = plane.blended.data();
    if (!plane.across.straight) {
        kernels_->pick(whole, plane.across.kernel, plane.picked[0].data());
        whole = plane.picked[0].data();
    }
    return {whole, whole, 1.0F, 0.0F};
}

/// Of planes [begin, end), whose tables are the same: rows picked across, not yet blended. Neighbouring lines often share
/// them.
void Resampler::pick_rows(const std::array<PlaneView, 3>& views, std::size_t begin, std::size_t end, int line,
                          PlaneLines& lines) noexcept {
    Plane& plane = planes_[begin];
    const auto at = static_cast<std::size_t>(line);
    const int first = plane.down.first[at];
    const int last = first + plane.down.taps - 1;
    std::array<SampleLine, 4> missing{};
    std::size_t count = 0;
    for (int row = first; row <= last; ++row) {
        const auto slot = static_cast<std::size_t>(row & 1);
        if (std::exchange(plane.picked_rows[slot], row) == row) continue;
        for (std::size_t p = begin; p < end; ++p) {
            const std::uint8_t* samples =
                views[p].data + row * views[p].row_stride + plane.across.low * views[p].pixel_stride;
            missing[count++] = {samples, planes_[p].picked[slot].data()};
        }
    }
    const auto pick = layout_.depth > 8 ? kernels_->pick_words : kernels_->pick_bytes;
    if (count > 0) pick(missing.data(), static_cast<int>(count), plane.across.kernel);
    for (std::size_t p = begin; p < end; ++p) {
        const auto& picked = planes_[p].picked;
        lines.planes[p] = {picked[static_cast<std::size_t>(first & 1)].data(),
                           picked[static_cast<std::size_t>(last & 1)].data(),
                           plane.down.weights[at * static_cast<std::size_t>(plane.down.taps)],
                           first == last ? 0.0F : plane.down.weights[2 * at + 1]};
    }
}

void Resampler::resample_planes(const std::array<PlaneView, 3>& views, std::size_t begin, std::size_t end, int line,
                                PlaneLines& lines) noexcept {
    for (std::size_t p = begin; p < end; ++p) prefetch(planes_[p], views[p], line + lines_ahead);
    if (planes_[begin].across_first) return pick_rows(views, begin, end, line, lines);
    for (std::size_t p = begin; p < end; ++p) lines.planes[p] = blended_line(planes_[p], views[p], line);
}

void Resampler::convert(const PictureView& picture, const PixelTarget& target) {
    std::array<PlaneView, 3> views = picture.planes;
    for (std::size_t p = 0; p < static_cast<std::size_t>(plane_count_); ++p) {
        Plane& plane = planes_[p];
        if (views[p].pixel_stride != layout_.sample_bytes()) views[p] = straighten(plane, views[p]);
        plane.picked_rows.fill(-1);
        plane.fetched = -1;
    }
    const RowColors colors{plane_count_, color_.rgb, matrix_};
    RowWriter writer(*kernels_, colors, request_, target, {spare_[0].data(), spare_[1].data(), spare_[2].data()});
    // Where luma is not scaled it goes from its plane into the matrix at once.
    const Plane& luma = planes_[0];
    const bool as_bytes = plane_count_ == 3 && luma.across.straight && luma.down.taps == 1 && layout_.depth == 8;
    for (int y = 0; y < output_height_; ++y) {
        PlaneLines lines;
        if (as_bytes) {
            lines.luma_bytes =
                views[0].data + luma.down.first[static_cast<std::size_t>(y)] * views[0].row_stride + luma.across.low;
        } else {
            resample_planes(views, 0, 1, y, lines);
        }
        if (plane_count_ == 3) resample_planes(views, 1, 3, y, lines);
        if (plane_count_ == 1) lines.planes[1] = lines.planes[2] = lines.planes[0];
        writer.write(lines, y);
    }
    std::atomic_thread_fence(std::memory_order_seq_cst);  // streamed stores are seen by whoever is told of them
}

}  // namespace kf::convert
