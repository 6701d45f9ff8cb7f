// A picture turned by quarters: the same memory seen with other strides. Pure, any thread.
#pragma once

#include "base/plane_view.hpp"

namespace kf {

/// clockwise: 0, 90, 180 or 270.
[[nodiscard]] PictureView turn(const PictureView& picture, int clockwise) noexcept;

}  // namespace kf
