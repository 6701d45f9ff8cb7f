// A picture turned by quarters: the same memory seen with other strides. Pure, any thread.
#pragma once

#include "base/picture_view.hpp"

namespace kf::convert {

/// clockwise: 0, 90, 180 or 270.
[[nodiscard]] base::PictureView turn(const base::PictureView& picture, int clockwise) noexcept;

}  // namespace kf::convert
