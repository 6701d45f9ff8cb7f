#include "convert/converter.hpp"

#include <algorithm>

#include "convert/rotate.hpp"
#include "convert/unscaled_rgb.hpp"

namespace kf::convert {

bool Converter::convert(const base::PictureView& picture, base::Orientation orientation, const Box& upright_box,
                        const PixelTarget& upright_target, const Interrupted& interrupted) {
    auto [box, target] = as_stored(picture.width, picture.height, orientation, upright_box, upright_target);
    if (is_unscaled_rgb(picture, box, request_, target)) {
        convert_unscaled_rgb(picture, box, request_, target, band_);
        return true;
    }
    if (target.pixel_stride == -request_.pixel_bytes()) {  // a Resampler mirrors its filter tables instead
        box.flip = true;
        target = target.mirrored();
    }
    if (std::max(target.width, target.height) > most_outputs_a_side)
        return convert_in_tiles(picture, box, target, interrupted);
    auto found = std::find_if(resamplers_.begin(), resamplers_.end(),
                              [&](const Resampler& known) { return known.plan().fits(picture, box); });
    if (found == resamplers_.end()) {
        resamplers_.emplace_back(plans_->get(picture, box, target.width, target.height, request_), request_);
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
            Resampler resampler(
                std::make_shared<const ResamplePlan>(picture, box, target.width, target.height, tile, request_), request_);
            if (!resampler.convert(picture, target.part(tile), interrupted)) return false;
        }
    }
    return true;
}

}  // namespace kf::convert
