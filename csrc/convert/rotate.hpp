// Mirrors a picture and rotates it by quarter turns without moving a sample: the result is the same memory with other
// strides. Owns nothing; any thread.
#pragma once

#include "base/picture_view.hpp"

namespace kf::convert {

[[nodiscard]] base::PictureView upright(const base::PictureView& picture, base::Orientation orientation) noexcept;

}  // namespace kf::convert
