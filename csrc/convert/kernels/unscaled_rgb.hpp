// 8-bit 4:2:0 to packed 8-bit RGB at the source's own size: what a reader without `size=` asks for. Fixed point, within 1 of
// the exact mathematics. The rows are compiled once for each instruction set and chosen at run time. Pure, any thread.
#pragma once

#include "base/picture_view.hpp"
#include "convert/pixel_request.hpp"

namespace kf::convert {

/// The whole upright picture, not flipped, left-sited chroma, packed uint8 target of the same size.
[[nodiscard]] bool is_unscaled_rgb(const base::PictureView& picture, const Box& box, const PixelRequest& request,
                                   const PixelTarget& target) noexcept;
void convert_unscaled_rgb(const base::PictureView& picture, const PixelRequest& request, const PixelTarget& target) noexcept;

}  // namespace kf::convert
