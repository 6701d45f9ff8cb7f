// Writes a decoded picture into its place in the output: it knows the shape of the output array, and it is the only code
// that writes to the output. One per run, used by one thread at a time; the writers of other runs write other frames of the
// same output.
#pragma once

#include <memory>
#include <vector>

#include "base/buffer_pool.hpp"
#include "base/picture_view.hpp"
#include "convert/converter.hpp"
#include "engine/decode_request.hpp"

namespace kf::engine {

class FrameWriter {
public:
    /// planes: rows x frames; used only where the output asks for planes. Both and the buffers must outlive the writer.
    /// plans: shared by the runs of a video.
    FrameWriter(const OutputRequest& output, std::vector<PlanesPicture>& planes, base::BufferPool& buffers,
                std::shared_ptr<convert::ResamplePlans> plans = std::make_shared<convert::ResamplePlans>());

    /// False where the picture cannot be written: its format is not supported, or the row has a box and the picture has not
    /// the size that the box was meant for; or where `interrupted` was true before all of it was written. Throws
    /// std::bad_alloc.
    [[nodiscard]] bool write(const base::PictureView& picture, base::Orientation orientation, const RowRequest& row,
                             bool expected_size, std::int64_t frame, const convert::Interrupted& interrupted);
    /// Copies pixels that are written already, which is cheaper than converting the picture again. Not for planes.
    void copy(const RowRequest& from, std::int64_t from_frame, const RowRequest& to, std::int64_t to_frame) noexcept;
    /// For a frame that failed: writes zeros, or removes its planes.
    void zero(const RowRequest& row, std::int64_t frame) noexcept;

private:
    [[nodiscard]] convert::PixelTarget target(std::int64_t row, std::int64_t frame) const noexcept;
    /// A frame's bytes lie together, or those of each channel do.
    struct ContiguousSpans {
        std::size_t bytes;  // of one span
        int count;
    };
    [[nodiscard]] ContiguousSpans contiguous_spans(const convert::PixelTarget& target) const noexcept;
    void keep_planes(const base::PictureView& picture, PlanesPicture& kept);

    OutputRequest output_;
    std::vector<PlanesPicture>& planes_;
    base::BufferPool& buffers_;
    convert::Converter converter_;
};

}  // namespace kf::engine
