#include "engine/read_region.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kf::engine {
namespace {

/// As the converter reads: every pixel that the stretch touches, inside of the picture.
std::pair<int, int> pixels_of(double begin, double length, int size) noexcept {
    const double first = std::clamp(std::floor(begin), 0.0, size - 1.0);
    const double end = std::clamp(std::ceil(begin + length), first + 1, static_cast<double>(size));
    return {static_cast<int>(first), static_cast<int>(end)};
}

}  // namespace

std::optional<media::Region> read_region(const DecodeRequest& request, const index::FrameIndex& index,
                                         std::span<const Destination> destinations) noexcept {
    if (request.output.planes || index.orientation != base::Orientation{} || index.cropping != index::Cropping{}) return {};
    media::Region region{index.width, index.height, 0, 0};
    for (const Destination& destination : destinations) {
        const auto& box = request.rows[static_cast<std::size_t>(destination.row)].box;
        if (!box) return {};
        const auto [left, right] = pixels_of(box->x, box->width, index.width);
        const auto [top, bottom] = pixels_of(box->y, box->height, index.height);
        region = {std::min(region.left, left), std::min(region.top, top), std::max(region.right, right),
                  std::max(region.bottom, bottom)};
    }
    return region;
}

}  // namespace kf::engine
