// Converts an unscaled part of an 8-bit 4:2:0 picture, or all of it, to 8-bit RGB: what a call without `size=` asks for, and
// what a crop of a picture that has the right size already is. The arithmetic is fixed point and within 1 of the exact
// result. Owns nothing; any thread; allocates nothing but a band for a transposed target.
#pragma once

#include "base/picture_view.hpp"
#include "convert/pixel_request.hpp"
#include "convert/row_band.hpp"

namespace kf::convert {

/// Whether convert_unscaled_rgb applies: whole pixels, chroma sited left, uint8, not grey.
[[nodiscard]] bool is_unscaled_rgb(const base::PictureView& picture, const Box& box, const PixelRequest& request,
                                   const PixelTarget& target) noexcept;
/// The box is not mirrored; the target may be mirrored and transposed. Never reads samples outside the box. Throws
/// std::bad_alloc before any pixel is written.
void convert_unscaled_rgb(const base::PictureView& picture, const Box& box, const PixelRequest& request,
                          const PixelTarget& target, RowBand& band);

}  // namespace kf::convert
