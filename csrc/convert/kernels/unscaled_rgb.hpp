// 8-bit 4:2:0 to packed 8-bit RGB at the source's own size: what a reader without `size=` asks for. Fixed point, within 1 of
// the exact mathematics. The rows are compiled once for each instruction set and chosen at run time. One owner, one thread
// at a time; allocates only when a picture is wider than every one before.
#pragma once

#include <cstdint>
#include <vector>

#include "base/plane_view.hpp"
#include "convert/pixel_request.hpp"

namespace kf {

class UnscaledRgb {
public:
    /// The whole upright picture, not flipped, left-sited chroma, packed uint8 target of the same size.
    [[nodiscard]] static bool applies(const PictureView& picture, const Box& box, const PixelRequest& request,
                                      const PixelTarget& target) noexcept;
    void convert(const PictureView& picture, const PixelRequest& request, const PixelTarget& target);

private:
    std::vector<std::int16_t> lines_;
};

}  // namespace kf
