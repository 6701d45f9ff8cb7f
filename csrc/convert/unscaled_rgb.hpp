// Converts a whole 8-bit 4:2:0 picture to packed 8-bit RGB of the same size, which is what a call without `size=` asks for.
// The arithmetic is fixed point and within 1 of the exact result. Owns nothing; any thread; never allocates.
#pragma once

#include "base/picture_view.hpp"
#include "convert/pixel_request.hpp"

namespace kf::convert {

/// Whether convert_unscaled_rgb applies: the whole upright picture, not mirrored, chroma sited left, a packed uint8 target.
[[nodiscard]] bool is_unscaled_rgb(const base::PictureView& picture, const Box& box, const PixelRequest& request,
                                   const PixelTarget& target) noexcept;
void convert_unscaled_rgb(const base::PictureView& picture, const PixelRequest& request, const PixelTarget& target) noexcept;

}  // namespace kf::convert
