// How pictures of one geometry (source, box, size, tile) are resampled: the filter tables of their planes. A plan does not
// change once it is made, so that the runs of a video use the same one; any thread may read it. Never reads pixels.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "base/picture_view.hpp"
#include "convert/filter_table.hpp"
#include "convert/horizontal_filter.hpp"
#include "convert/pixel_request.hpp"

namespace kf::convert {

/// How one plane is resampled.
struct PlanePlan {
    FilterTable vertical;
    HorizontalFilter horizontal;
    bool horizontal_first = false;
};

class ResamplePlan {
public:
    /// For pictures that have the size, layout, colour and siting of this picture. width, height: of the whole target.
    /// Throws std::bad_alloc.
    ResamplePlan(const base::PictureView& picture, const Box& box, int width, int height, const Tile& tile,
                 const PixelRequest& request);

    [[nodiscard]] bool fits(const base::PictureView& picture, const Box& box) const noexcept;
    [[nodiscard]] const Tile& tile() const noexcept { return tile_; }
    [[nodiscard]] const base::PixelLayout& layout() const noexcept { return layout_; }
    /// Planes that are read.
    [[nodiscard]] std::size_t planes() const noexcept { return planes_; }
    /// Cb and Cr have one plan.
    [[nodiscard]] const PlanePlan& plane(std::size_t index) const noexcept { return index == 0 ? luma_ : chroma_; }

private:
    [[nodiscard]] PlanePlan make_plane(std::size_t index, const base::PictureView& picture, int width, int height,
                                       const PixelRequest& request) const;

    int width_;
    int height_;
    base::PixelLayout layout_;
    base::ColorSpec color_;
    base::ChromaSite site_;
    Box box_;
    Tile tile_;
    std::size_t planes_;
    PlanePlan luma_;
    PlanePlan chroma_;
};

/// The plans of one video in one call, whose targets have one size and whose pixels are computed in one way. Any thread.
/// Keeps the first few plans: a plan that is not kept is made again by each run.
class ResamplePlans {
public:
    /// The plan for a picture and a box, with the whole target as its tile. Throws std::bad_alloc.
    [[nodiscard]] std::shared_ptr<const ResamplePlan> get(const base::PictureView& picture, const Box& box, int width,
                                                          int height, const PixelRequest& request);

private:
    std::mutex mutex_;
    std::vector<std::shared_ptr<const ResamplePlan>> plans_;
};

}  // namespace kf::convert
