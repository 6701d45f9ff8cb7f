#include "convert/rotate.hpp"

#include <utility>

namespace kf::convert {
namespace {

void transpose(StoredView& view) noexcept {
    std::swap(view.box.x, view.box.y);
    std::swap(view.box.width, view.box.height);
    std::swap(view.target.width, view.target.height);
    std::swap(view.target.pixel_stride, view.target.row_stride);
}

void mirror_x(StoredView& view, int width) noexcept {
    view.box.x = width - (view.box.x + view.box.width);
    view.target = view.target.mirrored();
}

void mirror_y(StoredView& view, int height) noexcept {
    transpose(view);
    mirror_x(view, height);
    transpose(view);
}

}  // namespace

// An upright picture is a stored one that is turned upside down (where it is mirrored), then transposed, then mirrored along
// one side or both. Here these steps are undone, the last one first.
StoredView as_stored(int width, int height, base::Orientation orientation, const Box& box,
                     const PixelTarget& target) noexcept {
    const auto [clockwise, mirrored] = orientation;
    const int upright_width = orientation.turned() ? height : width;
    const int upright_height = orientation.turned() ? width : height;
    StoredView view{box, box.flip ? target.mirrored() : target};
    view.box.flip = false;
    if (clockwise == 270 || clockwise == 180) mirror_y(view, upright_height);
    if (clockwise == 90 || clockwise == 180) mirror_x(view, upright_width);
    if (orientation.turned()) transpose(view);
    if (mirrored) mirror_y(view, height);
    return view;
}

}  // namespace kf::convert
