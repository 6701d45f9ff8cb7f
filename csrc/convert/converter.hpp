// Converts pictures to pixels: by unscaled_rgb.hpp where that applies, by a Resampler elsewhere. Owns one Resampler per
// geometry that it has met, so that tables are made once for all frames. One per run; one thread at a time. Never keeps a
// picture.
#pragma once

#include <vector>

#include "base/picture_view.hpp"
#include "convert/pixel_request.hpp"
#include "convert/resampler.hpp"

namespace kf::convert {

class Converter {
public:
    explicit Converter(const PixelRequest& request) : request_(request) {}

    /// The picture must be upright. Writes every pixel of the target. Throws std::bad_alloc, before any pixel is written.
    void convert(const base::PictureView& picture, const Box& box, const PixelTarget& target);

private:
    PixelRequest request_;
    std::vector<Resampler> resamplers_;
};

}  // namespace kf::convert
