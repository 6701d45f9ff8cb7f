// Where decoded pictures go: knows the output array's shape and writes a picture into its one place. One for each run, so it is used
// by one thread at a time; different writers write different frames of the same array.
#pragma once

#include "base/plane_view.hpp"
#include "convert/converter.hpp"
#include "engine/decode_request.hpp"

namespace kf {

class FrameWriter {
public:
    explicit FrameWriter(const OutputRequest& output) : output_(output), converter_(output.pixels) {}

    /// False where the picture cannot be written there (its size or format is not the one asked for). Throws std::bad_alloc.
    [[nodiscard]] bool write(const PictureView& picture, int rotation, const RowRequest& request, bool expected_size,
                             std::int64_t frame);
    void zero(std::int64_t row, std::int64_t frame) noexcept;

private:
    [[nodiscard]] PixelTarget target(std::int64_t row, std::int64_t frame) const noexcept;

    OutputRequest output_;
    Converter converter_;
};

}  // namespace kf
