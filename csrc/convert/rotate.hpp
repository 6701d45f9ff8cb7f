// Rotates a picture by quarter turns without moving a sample: the result is the same memory with other strides. Owns
// nothing; any thread.
#pragma once

#include "base/picture_view.hpp"

namespace kf::convert {

/// clockwise: 0, 90, 180 or 270 degrees.
[[nodiscard]] base::PictureView rotate(const base::PictureView& picture, int clockwise) noexcept;

}  // namespace kf::convert
