// Where decoded pictures go: knows the output array's shape and writes a picture into its one place. One for each run, so it
// is used by one thread at a time; different writers write different frames of the same output.
#pragma once

#include <vector>

#include "base/buffer_pool.hpp"
#include "base/plane_view.hpp"
#include "convert/converter.hpp"
#include "engine/decode_request.hpp"

namespace kf {

class FrameWriter {
public:
    /// planes: rows x frames of the output, where planes are asked for.
    FrameWriter(const OutputRequest& output, std::vector<PlanesPicture>& planes, BufferPool& buffers)
        : output_(output), planes_(planes), buffers_(buffers), converter_(output.pixels) {}

    /// False where the picture cannot be written there: its format is unknown, or its size is not the one that a box was
    /// meant for. Throws std::bad_alloc.
    [[nodiscard]] bool write(const PictureView& picture, int rotation, const RowRequest& row, bool expected_size,
                             std::int64_t frame);
    void zero(const RowRequest& row, std::int64_t frame) noexcept;

private:
    [[nodiscard]] PixelTarget target(std::int64_t row, std::int64_t frame) const noexcept;
    void keep_planes(const PictureView& picture, PlanesPicture& kept);

    OutputRequest output_;
    std::vector<PlanesPicture>& planes_;
    BufferPool& buffers_;
    Converter converter_;
};

}  // namespace kf
