#include "convert/resampler.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "convert/row_writer.hpp"

namespace kf::convert {

using base::PictureView;
using base::PlaneView;

namespace {

constexpr std::ptrdiff_t cache_line = 64;
constexpr int lines_ahead = 4;  // output lines between prefetching source rows and reading them
constexpr std::int64_t samples_between_questions = std::int64_t{1} << 20;  // less than a millisecond of work

}  // namespace

Resampler::Resampler(std::shared_ptr<const ResamplePlan> plan, const PixelRequest& request)
    : plan_(std::move(plan)), request_(request), kernels_(&kernel_table(request.kernels)) {
    for (auto& line : spare_) line.resize(padded_outputs(static_cast<std::size_t>(plan_->tile().width)));
    for (std::size_t p = 0; p < plan_->planes(); ++p) {
        const PlanePlan& plane = plan_->plane(p);
        lines_[p].rows.resize(static_cast<std::size_t>(plane.vertical.taps));
        lines_[p].vertical_sums.resize(static_cast<std::size_t>(plane.horizontal.columns) + line_padding);
        for (auto& line : lines_[p].filtered) line.resize(plane.horizontal.taps.stride);
    }
}

/// Prefetches the source rows of an output line, because rows lie too far apart for the processor to predict. GCC 12 drops
/// calls of a function that does nothing but prefetch, so this function must also write last_prefetched.
void Resampler::prefetch(std::size_t index, const PlaneView& view, int line) noexcept {
    const PlanePlan& plane = plan_->plane(index);
    const int last =
        plane.vertical.first[static_cast<std::size_t>(std::min(line, plan_->tile().height - 1))] + plane.vertical.taps - 1;
    const std::ptrdiff_t bytes = std::ptrdiff_t{plane.horizontal.columns} * plan_->layout().sample_bytes();
    for (int row = std::max(lines_[index].last_prefetched + 1, last - plane.vertical.taps + 1); row <= last; ++row) {
        const std::uint8_t* begin = view.data + row * view.row_stride + plane.horizontal.low * view.pixel_stride;
        for (std::ptrdiff_t at = 0; at < bytes; at += cache_line) __builtin_prefetch(begin + at);
        __builtin_prefetch(begin + bytes - 1);
    }
    lines_[index].last_prefetched = last;
}

/// One line of a plane by the vertical, then the horizontal pass.
LinePair Resampler::vertical_then_horizontal(std::size_t index, const PlaneView& view, int line) noexcept {
    const PlanePlan& plane = plan_->plane(index);
    Lines& own = lines_[index];
    const auto taps = static_cast<std::size_t>(plane.vertical.taps);
    const auto at = static_cast<std::size_t>(line);
    const std::uint8_t* row =
        view.data + plane.vertical.first[at] * view.row_stride + plane.horizontal.low * view.pixel_stride;
    for (std::size_t t = 0; t < taps; ++t, row += view.row_stride) own.rows[t] = row;
    const auto pass = plan_->layout().depth > 8 ? kernels_->vertical_pass_words : kernels_->vertical_pass_bytes;
    pass(own.rows.data(), plane.vertical.weights.data() + at * taps, plane.vertical.taps, plane.horizontal.columns,
         own.vertical_sums.data());
    const float* whole = own.vertical_sums.data();
    if (!plane.horizontal.is_identity) {
        kernels_->horizontal_pass(whole, plane.horizontal.taps, own.filtered[0].data());
        whole = own.filtered[0].data();
    }
    return {whole, whole, 1.0F, 0.0F};
}

/// One line of each of the planes [begin, end), which have the same filters: the horizontal pass of the source rows that the
/// lines before did not use already.
void Resampler::filter_rows(const std::array<PlaneView, 3>& views, std::size_t begin, std::size_t end, int line,
                            PlaneLines& lines) noexcept {
    const PlanePlan& plane = plan_->plane(begin);
    const auto at = static_cast<std::size_t>(line);
    const int first = plane.vertical.first[at];
    const int last = first + plane.vertical.taps - 1;
    std::array<SampleLine, 4> missing{};
    std::size_t count = 0;
    for (int row = first; row <= last; ++row) {
        const auto slot = static_cast<std::size_t>(row & 1);
        if (std::exchange(lines_[begin].filtered_rows[slot], row) == row) continue;
        for (std::size_t p = begin; p < end; ++p) {
            const std::uint8_t* samples =
                views[p].data + row * views[p].row_stride + plane.horizontal.low * views[p].pixel_stride;
            missing[count++] = {samples, lines_[p].filtered[slot].data()};
        }
    }
    const auto pass = plan_->layout().depth > 8 ? kernels_->horizontal_pass_words : kernels_->horizontal_pass_bytes;
    if (count > 0) pass(missing.data(), static_cast<int>(count), plane.horizontal.taps);
    for (std::size_t p = begin; p < end; ++p) {
        const auto& filtered = lines_[p].filtered;
        lines.planes[p] = {filtered[static_cast<std::size_t>(first & 1)].data(),
                           filtered[static_cast<std::size_t>(last & 1)].data(),
                           plane.vertical.weights[at * static_cast<std::size_t>(plane.vertical.taps)],
                           first == last ? 0.0F : plane.vertical.weights[2 * at + 1]};
    }
}

void Resampler::resample_planes(const std::array<PlaneView, 3>& views, std::size_t begin, std::size_t end, int line,
                                PlaneLines& lines) noexcept {
    for (std::size_t p = begin; p < end; ++p) prefetch(p, views[p], line + lines_ahead);
    if (plan_->plane(begin).horizontal_first) return filter_rows(views, begin, end, line, lines);
    for (std::size_t p = begin; p < end; ++p) lines.planes[p] = vertical_then_horizontal(p, views[p], line);
}

/// So many rows of the tile that reading their source samples and writing them takes a fixed time, roughly.
int Resampler::rows_between_questions() const noexcept {
    const PlanePlan& luma = plan_->plane(0);
    const std::int64_t row = plan_->tile().width + std::int64_t{luma.horizontal.columns} * luma.vertical.taps;
    return static_cast<int>(std::max<std::int64_t>(1, samples_between_questions / row));
}

bool Resampler::convert(const PictureView& picture, const PixelTarget& target, const Interrupted& interrupted) {
    const std::array<PlaneView, 3>& views = picture.planes;
    for (Lines& lines : lines_) {
        lines.filtered_rows.fill(-1);
        lines.last_prefetched = -1;
    }
    band_.begin(target, request_, false);
    PixelRequest request = request_;
    request.non_temporal = request.non_temporal && band_.is_direct();
    const auto planes = static_cast<int>(plan_->planes());
    const int depth = plan_->layout().depth;
    const RowColors colors{planes, picture.color.rgb, color_matrix(picture.color, depth)};
    RowWriter writer(*kernels_, colors, request, band_.rows(), {spare_[0].data(), spare_[1].data(), spare_[2].data()});
    // Luma that is not scaled goes from its plane into the colour kernel.
    const PlanePlan& luma = plan_->plane(0);
    const bool as_bytes = planes == 3 && luma.horizontal.is_identity && luma.vertical.taps == 1 && depth == 8;
    const int block = rows_between_questions();
    for (int y = 0; y < plan_->tile().height; ++y) {
        if (y > 0 && y % block == 0 && interrupted()) return false;
        PlaneLines lines;
        if (as_bytes) {
            lines.luma_bytes =
                views[0].data + luma.vertical.first[static_cast<std::size_t>(y)] * views[0].row_stride + luma.horizontal.low;
        } else {
            resample_planes(views, 0, 1, y, lines);
        }
        if (planes == 3) resample_planes(views, 1, 3, y, lines);
        if (planes == 1) lines.planes[1] = lines.planes[2] = lines.planes[0];
        writer.write(lines, band_.place(y));
        band_.written(y);
    }
    std::atomic_thread_fence(std::memory_order_seq_cst);  // non-temporal stores become visible before the frame is reported
    return true;
}

}  // namespace kf::convert
