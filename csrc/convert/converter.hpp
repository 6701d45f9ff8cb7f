// Converts pictures to pixels: by unscaled_rgb.hpp where that applies, by Resamplers elsewhere. Owns one Resampler per
// geometry that it has met, so that buffers are made once for all frames; shares the filter tables with the converters of
// the other runs of its video. A target with a side above most_outputs_a_side is made in tiles, whose tables are made anew
// for each picture: kept for a line of millions of pixels, they would take many times the memory of the line. One per run;
// one thread at a time. Never keeps a picture.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "base/picture_view.hpp"
#include "convert/pixel_request.hpp"
#include "convert/resample_plan.hpp"
#include "convert/resampler.hpp"
#include "convert/row_band.hpp"

namespace kf::convert {

inline constexpr int most_outputs_a_side = 8192;  ///< of a tile

class Converter {
public:
    /// plans: of converters whose requests and targets are alike.
    explicit Converter(const PixelRequest& request,
                       std::shared_ptr<ResamplePlans> plans = std::make_shared<ResamplePlans>()) noexcept
        : request_(request), plans_(std::move(plans)) {}

    /// picture: as it is stored. box, target: of the upright picture. Writes every pixel of the target. False where
    /// `interrupted`, which is asked between tiles and between blocks of rows, was true: then pixels are missing. Throws
    /// std::bad_alloc.
    [[nodiscard]] bool convert(const base::PictureView& picture, base::Orientation orientation, const Box& box,
                               const PixelTarget& target, const Interrupted& interrupted);

private:
    [[nodiscard]] bool convert_in_tiles(const base::PictureView& picture, const Box& box, const PixelTarget& target,
                                        const Interrupted& interrupted) const;

    PixelRequest request_;
    std::shared_ptr<ResamplePlans> plans_;
    std::vector<Resampler> resamplers_;
    RowBand band_;  // of unscaled pictures
};

}  // namespace kf::convert
