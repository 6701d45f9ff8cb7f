#include "convert/resample_plan.hpp"

#include <algorithm>
#include <cmath>

namespace kf::convert {

using base::PictureView;
using base::PlaneView;

namespace {

constexpr std::size_t most_plans = 64;  // about a megabyte for targets of 224 x 224

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

ResamplePlan::ResamplePlan(const PictureView& picture, const Box& box, int width, int height, const Tile& tile,
                           const PixelRequest& request)
    : width_(picture.width), height_(picture.height), layout_(picture.layout), color_(picture.color), site_(picture.site),
      box_(box), tile_(tile),
      planes_(request.color == ColorOrder::gray && !picture.color.rgb ? 1 : static_cast<std::size_t>(picture.layout.planes)),
      luma_(make_plane(0, picture, width, height, request)) {
    if (planes_ > 1) chroma_ = make_plane(1, picture, width, height, request);
}

PlanePlan ResamplePlan::make_plane(std::size_t index, const PictureView& picture, int width, int height,
                                   const PixelRequest& request) const {
    const PlaneView& view = picture.planes[index];
    const bool chroma = index > 0;
    const bool only_upsampled = chroma && is_unscaled(box_, width, height);
    const Interpolation filter = only_upsampled ? Interpolation::bilinear : request.interpolation;
    const int shift_x = chroma ? layout_.chroma_shift_x : 0;
    const int shift_y = chroma ? layout_.chroma_shift_y : 0;
    const int left = box_.flip ? width - tile_.x - tile_.width : tile_.x;  // mirrored, the table of the other side
    const AxisGeometry x =
        axis_of(box_.x, box_.width, width, left, tile_.width, width_, shift_x, shift_x ? site_.x : 0.0, view.width);
    const AxisGeometry y =
        axis_of(box_.y, box_.height, height, tile_.y, tile_.height, height_, shift_y, shift_y ? site_.y : 0.0, view.height);
    PlanePlan plan;
    plan.vertical = make_filter_table(y, filter, request.antialias);
    plan.horizontal =
        make_horizontal_filter(make_filter_table(x, filter, request.antialias), box_.flip, layout_.sample_bytes());
    plan.horizontal_first = plan.vertical.taps <= 2 && plan.horizontal.taps.quad_starts != nullptr;
    return plan;
}

bool ResamplePlan::fits(const PictureView& picture, const Box& box) const noexcept {
    return picture.width == width_ && picture.height == height_ && picture.layout == layout_ && picture.color == color_ &&
           picture.site == site_ && box == box_;
}

std::shared_ptr<const ResamplePlan> ResamplePlans::get(const PictureView& picture, const Box& box, int width, int height,
                                                       const PixelRequest& request) {
    const std::scoped_lock lock(mutex_);
    const auto found =
        std::find_if(plans_.begin(), plans_.end(), [&](const auto& plan) { return plan->fits(picture, box); });
    if (found != plans_.end()) return *found;
    auto plan = std::make_shared<const ResamplePlan>(picture, box, width, height, Tile{0, 0, width, height}, request);
    if (plans_.size() < most_plans) plans_.push_back(plan);
    return plan;
}

}  // namespace kf::convert
