#include "convert/kernels/unscaled_row_body.hpp"

namespace kf::convert {

void unscaled_row_portable(const RowInput& input, const RowFactors& factors, bool bgr, std::uint8_t* output) noexcept {
    write_pixels(input, factors, bgr, 0, output);
}

}  // namespace kf::convert
