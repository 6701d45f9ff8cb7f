#include "convert/kernels/unscaled_row_body.hpp"

namespace kf {

void unscaled_row_portable(const RowInput& input, const RowFactors& factors, bool bgr, std::int16_t* scratch,
                           std::uint8_t* output) noexcept {
    const RowBytes bytes = row_colors(input, factors, scratch);
    interleave(bytes.channel(bgr ? 2 : 0), bytes.channel(1), bytes.channel(bgr ? 0 : 2), 0, input.width, output);
}

}  // namespace kf
