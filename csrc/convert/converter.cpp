#include "convert/converter.hpp"

#include <algorithm>

#include "convert/unscaled_rgb.hpp"

namespace kf::convert {

bool Converter::convert(const base::PictureView& picture, const Box& box, const PixelTarget& target,
                        const Interrupted& interrupted) {
    if (is_unscaled_rgb(picture, box, request_, target)) {
        convert_unscaled_rgb(picture, request_, target);
        return true;
    }
    if (std::max(target.width, target.height) > most_outputs_a_side)
        return convert_in_tiles(picture, box, target, interrupted);
    auto found = std::find_if(resamplers_.begin(), resamplers_.end(),
                              [&](const Resampler& known) { return known.fits(picture, box); });
    if (found == resamplers_.end()) {
        const Tile whole{0, 0, target.width, target.height};
        resamplers_.emplace_back(picture, box, target.width, target.height, whole, request_);
        found = std::prev(resamplers_.end());
    }
    return found->convert(picture, target, interrupted);
}

bool Converter::convert_in_tiles(const base::PictureView& picture, const Box& box, const PixelTarget& target,
                                 const Interrupted& interrupted) const {
    for (int y = 0; y < target.height; y += most_outputs_a_side) {
        for (int x = 0; x < target.width; x += most_outputs_a_side) {
            if (interrupted()) return false;
            const Tile tile{x, y, std::min(most_outputs_a_side, target.width - x),
                            std::min(most_outputs_a_side, target.height - y)};
            Resampler resampler(picture, box, target.width, target.height, tile, request_);
            if (!resampler.convert(picture, target.part(tile), interrupted)) return false;
        }
    }
    return true;
}

}  // namespace kf::convert
