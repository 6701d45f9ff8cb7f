// Chooses how a picture becomes pixels: the unscaled kernel where it applies, the resampler everywhere else. One for each
// run, so that tables are made once for all frames. One owner, one thread at a time.
#pragma once

#include <memory>
#include <vector>

#include "base/picture_view.hpp"
#include "convert/pixel_request.hpp"
#include "convert/resampler.hpp"

namespace kf::convert {

class Converter {
public:
    explicit Converter(const PixelRequest& request) : request_(request) {}

    /// The picture is upright already. Every pixel of the target is written. Throws std::bad_alloc, before anything is
    /// written.
    void convert(const base::PictureView& picture, const Box& box, const PixelTarget& target);

private:
    PixelRequest request_;
    std::vector<Resampler> resamplers_;
};

}  // namespace kf::convert
