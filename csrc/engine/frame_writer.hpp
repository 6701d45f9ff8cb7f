// Where decoded pictures go: knows the output array's shape and writes a picture into its one place. One for each run, so it
// is used by one thread at a time; different writers write different frames of the same output.
#pragma once

#include <vector>

#include "base/buffer_pool.hpp"
#include "base/picture_view.hpp"
#include "convert/converter.hpp"
#include "engine/decode_request.hpp"

namespace kf::engine {

class FrameWriter {
public:
    /// planes: rows x frames of the output, where planes are asked for.
    FrameWriter(const OutputRequest& output, std::vector<PlanesPicture>& planes, base::BufferPool& buffers);

    /// False where the picture cannot be written there: its format is unknown, or its size is not the one that a box was
    /// meant for. Throws std::bad_alloc.
    [[nodiscard]] bool write(const base::PictureView& picture, int rotation, const RowRequest& row, bool expected_size,
                             std::int64_t frame);
    /// The same pixels again elsewhere: cheaper than converting them again. Not for planes, which have memory of their own.
    void copy(const RowRequest& from, std::int64_t from_frame, const RowRequest& to, std::int64_t to_frame) noexcept;
    /// What was written for a frame that failed after all is gone: zeros, or no planes.
    void zero(const RowRequest& row, std::int64_t frame) noexcept;

private:
    [[nodiscard]] convert::PixelTarget target(std::int64_t row, std::int64_t frame) const noexcept;
    /// The contiguous pieces of a frame's pixels: one, or one per channel.
    struct Spans {
        std::size_t bytes;
        int count;
    };
    [[nodiscard]] Spans contiguous_spans(const convert::PixelTarget& target) const noexcept;
    void keep_planes(const base::PictureView& picture, PlanesPicture& kept);

    OutputRequest output_;
    std::vector<PlanesPicture>& planes_;
    base::BufferPool& buffers_;
    convert::Converter converter_;
};

}  // namespace kf::engine
