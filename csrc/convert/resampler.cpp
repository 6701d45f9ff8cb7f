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
constexpr int lines_ahead = 4;  // output lines between prefetching source rows and reading them
constexpr std::int64_t samples_between_questions = std::int64_t{1} << 20;  // less than a millisecond of work

int whole_floor(double value) noexcept {
    return static_cast<int>(std::floor(value));
}

int whole_ceil(double value) noexcept {
    return static_cast<int>(std::ceil(value));
}

/// The geometry of one axis of one plane. The centre of output i lies at luma position begin + (i + 0.5) * step - 0.5, where
/// step = length / outputs and luma sample k lies at position k. Sample k of a plane that spans 2^shift luma samples lies at
/// luma position k * 2^shift + site, which gives the position in the plane's own samples.
///
/// `whole` is the number of outputs that the length makes, of which [first, first + outputs) are made.
AxisGeometry axis_of(double begin, double length, int whole, int first, int outputs, int size, int shift, double site,
                     int samples) noexcept {
    const int span = 1 << shift;
    const double step = length / whole;
    const int low = std::clamp(whole_floor(begin), 0, size - 1);
    const int high = std::clamp(whole_ceil(begin + length), low + 1, size);
    AxisGeometry axis;
    axis.origin = (begin + 0.5 * step - 0.5 - site) / span;
    axis.step = step / span;
    axis.outputs = outputs;
    axis.first = first;
    axis.low = std::min(low >> shift, samples - 1);
    axis.high = std::clamp((high + span - 1) >> shift, axis.low + 1, samples);
    return axis;
}

/// Whether luma samples become pixels as they are. Chroma is then interpolated bilinearly, whatever the request says.
bool is_unscaled(const Box& box, int width, int height) noexcept {
    return box.width == width && box.height == height && box.x == std::floor(box.x) && box.y == std::floor(box.y);
}

}  // namespace

Resampler::Resampler(const PictureView& picture, const Box& box, int width, int height, const Tile& tile,
                     const PixelRequest& request)
    : width_(picture.width), height_(picture.height), layout_(picture.layout), color_(picture.color), site_(picture.site),
      box_(box), request_(request), output_width_(width), output_height_(height), tile_(tile),
      matrix_(color_matrix(picture.color, picture.layout.depth)),
      plane_count_(request.color == ColorOrder::gray && !picture.color.rgb ? 1 : picture.layout.planes),
      kernels_(&kernel_table(request.kernels)) {
    for (auto& line : spare_) line.resize(padded_outputs(static_cast<std::size_t>(tile.width)));
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
    const int left = box_.flip ? output_width_ - tile_.x - tile_.width : tile_.x;  // mirrored, the table of the other side
    const AxisGeometry x =
        axis_of(box_.x, box_.width, output_width_, left, tile_.width, width_, shift_x, shift_x ? site_.x : 0.0, view.width);
    const AxisGeometry y = axis_of(box_.y, box_.height, output_height_, tile_.y, tile_.height, height_, shift_y,
                                   shift_y ? site_.y : 0.0, view.height);
    plane.vertical = make_filter_table(y, filter, request_.antialias);
    plane.horizontal =
        make_horizontal_filter(make_filter_table(x, filter, request_.antialias), box_.flip, layout_.sample_bytes());
    plane.horizontal_first = plane.vertical.taps <= 2 && plane.horizontal.taps.quad_starts != nullptr;
    plane.rows.resize(static_cast<std::size_t>(plane.vertical.taps));
    plane.vertical_sums.resize(static_cast<std::size_t>(plane.horizontal.columns) + line_padding);
    for (auto& line : plane.filtered) line.resize(plane.horizontal.taps.stride);
}

bool Resampler::fits(const PictureView& picture, const Box& box) const noexcept {
    return picture.width == width_ && picture.height == height_ && picture.layout == layout_ && picture.color == color_ &&
           picture.site == site_ && box == box_;
}

/// Copies the samples that are used into rows, because the kernels read samples that lie side by side.
PlaneView Resampler::make_upright(Plane& plane, const PlaneView& view) const {
    constexpr int block = 16;  // the rows of a rotated plane are columns in memory: small blocks stay in the cache
    const auto sample = static_cast<std::size_t>(layout_.sample_bytes());
    const std::size_t row_bytes = static_cast<std::size_t>(view.width) * sample;
    plane.upright.resize(row_bytes * static_cast<std::size_t>(view.height));
    const int end = plane.horizontal.low + plane.horizontal.columns;
    for (int top = plane.vertical.low; top < plane.vertical.high; top += block) {
        for (int left = plane.horizontal.low; left < end; left += block) {
            for (int y = top; y < std::min(top + block, plane.vertical.high); ++y) {
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

/// Prefetches the source rows of an output line, because rows lie too far apart for the processor to predict. GCC 12 drops
/// calls of a function that does nothing but prefetch, so this function must also write last_prefetched.
void Resampler::prefetch(Plane& plane, const PlaneView& view, int line) const noexcept {
    const int last =
        plane.vertical.first[static_cast<std::size_t>(std::min(line, tile_.height - 1))] + plane.vertical.taps - 1;
    const std::ptrdiff_t bytes = std::ptrdiff_t{plane.horizontal.columns} * layout_.sample_bytes();
    for (int row = std::max(plane.last_prefetched + 1, last - plane.vertical.taps + 1); row <= last; ++row) {
        const std::uint8_t* begin = view.data + row * view.row_stride + plane.horizontal.low * view.pixel_stride;
        for (std::ptrdiff_t at = 0; at < bytes; at += cache_line) __builtin_prefetch(begin + at);
        __builtin_prefetch(begin + bytes - 1);
    }
    plane.last_prefetched = last;
}

/// One line of a plane by the vertical, then the horizontal pass.
LinePair Resampler::vertical_then_horizontal(Plane& plane, const PlaneView& view, int line) const noexcept {
    const auto taps = static_cast<std::size_t>(plane.vertical.taps);
    const auto at = static_cast<std::size_t>(line);
    const std::uint8_t* row =
        view.data + plane.vertical.first[at] * view.row_stride + plane.horizontal.low * view.pixel_stride;
    for (std::size_t t = 0; t < taps; ++t, row += view.row_stride) plane.rows[t] = row;
    const auto pass = layout_.depth > 8 ? kernels_->vertical_pass_words : kernels_->vertical_pass_bytes;
    pass(plane.rows.data(), plane.vertical.weights.data() + at * taps, plane.vertical.taps, plane.horizontal.columns,
         plane.vertical_sums.data());
    const float* whole = plane.vertical_sums.data();
    if (!plane.horizontal.is_identity) {
        kernels_->horizontal_pass(whole, plane.horizontal.taps, plane.filtered[0].data());
        whole = plane.filtered[0].data();
    }
    return {whole, whole, 1.0F, 0.0F};
}

/// One line of each of the planes [begin, end), which have the same filters: the horizontal pass of the source rows that the
/// lines before did not use already.
void Resampler::filter_rows(const std::array<PlaneView, 3>& views, std::size_t begin, std::size_t end, int line,
                            PlaneLines& lines) noexcept {
    Plane& plane = planes_[begin];
    const auto at = static_cast<std::size_t>(line);
    const int first = plane.vertical.first[at];
    const int last = first + plane.vertical.taps - 1;
    std::array<SampleLine, 4> missing{};
    std::size_t count = 0;
    for (int row = first; row <= last; ++row) {
        const auto slot = static_cast<std::size_t>(row & 1);
        if (std::exchange(plane.filtered_rows[slot], row) == row) continue;
        for (std::size_t p = begin; p < end; ++p) {
            const std::uint8_t* samples =
                views[p].data + row * views[p].row_stride + plane.horizontal.low * views[p].pixel_stride;
            missing[count++] = {samples, planes_[p].filtered[slot].data()};
        }
    }
    const auto pass = layout_.depth > 8 ? kernels_->horizontal_pass_words : kernels_->horizontal_pass_bytes;
    if (count > 0) pass(missing.data(), static_cast<int>(count), plane.horizontal.taps);
    for (std::size_t p = begin; p < end; ++p) {
        const auto& filtered = planes_[p].filtered;
        lines.planes[p] = {filtered[static_cast<std::size_t>(first & 1)].data(),
                           filtered[static_cast<std::size_t>(last & 1)].data(),
                           plane.vertical.weights[at * static_cast<std::size_t>(plane.vertical.taps)],
                           first == last ? 0.0F : plane.vertical.weights[2 * at + 1]};
    }
}

void Resampler::resample_planes(const std::array<PlaneView, 3>& views, std::size_t begin, std::size_t end, int line,
                                PlaneLines& lines) noexcept {
    for (std::size_t p = begin; p < end; ++p) prefetch(planes_[p], views[p], line + lines_ahead);
    if (planes_[begin].horizontal_first) return filter_rows(views, begin, end, line, lines);
    for (std::size_t p = begin; p < end; ++p) lines.planes[p] = vertical_then_horizontal(planes_[p], views[p], line);
}

/// So many rows of the tile that reading their source samples and writing them takes a fixed time, roughly.
int Resampler::rows_between_questions() const noexcept {
    const Plane& luma = planes_[0];
    const std::int64_t row = tile_.width + std::int64_t{luma.horizontal.columns} * luma.vertical.taps;
    return static_cast<int>(std::max<std::int64_t>(1, samples_between_questions / row));
}

bool Resampler::convert(const PictureView& picture, const PixelTarget& target, const Interrupted& interrupted) {
    std::array<PlaneView, 3> views = picture.planes;
    for (std::size_t p = 0; p < static_cast<std::size_t>(plane_count_); ++p) {
        Plane& plane = planes_[p];
        if (views[p].pixel_stride != layout_.sample_bytes()) views[p] = make_upright(plane, views[p]);
        plane.filtered_rows.fill(-1);
        plane.last_prefetched = -1;
    }
    const RowColors colors{plane_count_, color_.rgb, matrix_};
    RowWriter writer(*kernels_, colors, request_, target, {spare_[0].data(), spare_[1].data(), spare_[2].data()});
    // Luma that is not scaled goes from its plane into the colour kernel.
    const Plane& luma = planes_[0];
    const bool as_bytes = plane_count_ == 3 && luma.horizontal.is_identity && luma.vertical.taps == 1 && layout_.depth == 8;
    const int block = rows_between_questions();
    for (int y = 0; y < tile_.height; ++y) {
        if (y > 0 && y % block == 0 && interrupted()) return false;
        PlaneLines lines;
        if (as_bytes) {
            lines.luma_bytes =
                views[0].data + luma.vertical.first[static_cast<std::size_t>(y)] * views[0].row_stride + luma.horizontal.low;
        } else {
            resample_planes(views, 0, 1, y, lines);
        }
        if (plane_count_ == 3) resample_planes(views, 1, 3, y, lines);
        if (plane_count_ == 1) lines.planes[1] = lines.planes[2] = lines.planes[0];
        writer.write(lines, y);
    }
    std::atomic_thread_fence(std::memory_order_seq_cst);  // non-temporal stores become visible before the frame is reported
    return true;
}

}  // namespace kf::convert
