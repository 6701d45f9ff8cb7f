#include "convert/converter.hpp"

#include <algorithm>

#include "convert/unscaled_rgb.hpp"

namespace kf::convert {

void Converter::convert(const base::PictureView& picture, const Box& box, const PixelTarget& target) {
    if (is_unscaled_rgb(picture, box, request_, target)) return convert_unscaled_rgb(picture, request_, target);
    auto found = std::find_if(resamplers_.begin(), resamplers_.end(),
                              [&](const Resampler& known) { return known.fits(picture, box); });
    if (found == resamplers_.end()) {
        resamplers_.emplace_back(picture, box, target.width, target.height, request_);
        found = std::prev(resamplers_.end());
    }
    found->convert(picture, target);
}

}  // namespace kf::convert
