// Mirroring and rotation by quarter turns. A picture is converted as it is stored, and its pixels go to a target that is
// turned instead: the same memory with other strides. All arithmetic is thus that of an upright picture, and the values of a
// rotated frame are those of the upright frame, rotated. Owns nothing; any thread.
#pragma once

#include "base/picture_view.hpp"
#include "convert/pixel_request.hpp"

namespace kf::convert {

/// What is wanted of a picture as it is stored, and where that goes.
struct StoredView {
    Box box;  ///< never mirrored
    PixelTarget target;
};

/// width, height: of the picture as it is stored. box, target: of the upright picture.
[[nodiscard]] StoredView as_stored(int width, int height, base::Orientation orientation, const Box& box,
                                   const PixelTarget& target) noexcept;

}  // namespace kf::convert
