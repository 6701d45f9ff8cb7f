#include "convert/kernels/unscaled_row_body.hpp"

namespace kf {

void unscaled_row_portable(const RowInput& input, const RowFactors& factors, bool bgr, std::int16_t* scratch, std::uint8_t* output) noexcept {
    const RowBytes bytes = row_colors(input, factors, scratch);
    interleave(bgr ? bytes.blue : bytes.red, bytes.green, bgr ? bytes.red : bytes.blue, 0, input.width, output);
}

}  // namespace kf
