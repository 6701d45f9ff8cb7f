#include "convert/kernels/unscaled_row_body.hpp"

namespace kf {

void unscaled_row_portable(const RowInput& input, const RowFactors& factors, bool bgr, std::int16_t* scratch,
                           std::uint8_t* output) noexcept {
    write_pixels(input, chroma_lines(input, scratch), factors, bgr, 0, output);
}

}  // namespace kf
