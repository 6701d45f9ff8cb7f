// Converts pictures to pixels: by unscaled_rgb.hpp where that applies, by Resamplers elsewhere. Owns one Resampler per
// geometry that it has met, so that tables are made once for all frames. A target with a side above most_outputs_a_side is
// made in tiles, whose tables are made anew for each picture: kept for a line of millions of pixels, they would take many
// times the memory of the line. One per run; one thread at a time. Never keeps a picture.
#pragma once

#include <vector>

#include "base/picture_view.hpp"
#include "convert/pixel_request.hpp"
#include "convert/resampler.hpp"

namespace kf::convert {

inline constexpr int most_outputs_a_side = 8192;  ///< of a tile

class Converter {
public:
    explicit Converter(const PixelRequest& request) : request_(request) {}

    /// The picture must be upright. Writes every pixel of the target. False where `interrupted`, which is asked between
    /// tiles and between blocks of rows, was true: then pixels are missing. Throws std::bad_alloc.
    [[nodiscard]] bool convert(const base::PictureView& picture, const Box& box, const PixelTarget& target,
                               const Interrupted& interrupted);

private:
    [[nodiscard]] bool convert_in_tiles(const base::PictureView& picture, const Box& box, const PixelTarget& target,
                                        const Interrupted& interrupted) const;

    PixelRequest request_;
    std::vector<Resampler> resamplers_;
};

}  // namespace kf::convert
