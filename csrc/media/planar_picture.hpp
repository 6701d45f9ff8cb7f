// Turns pictures whose samples lie otherwise than the converter wants (packed, with a palette, chroma side by side, with
// alpha) into planes of the same depth and subsampling, by swscale: samples are moved, never mixed. Alpha is left out. One
// owner, one thread at a time.
#pragma once

#include <memory>

#include "media/handles.hpp"

struct SwsContext;

namespace kf::media {

class PlanarPicture {
public:
    PlanarPicture();
    ~PlanarPicture();
    PlanarPicture(const PlanarPicture&) = delete;
    PlanarPicture& operator=(const PlanarPicture&) = delete;

    /// The planar format that holds the same samples; AV_PIX_FMT_NONE where there is none.
    [[nodiscard]] static AVPixelFormat format_for(AVPixelFormat format) noexcept;

    /// Null where it cannot be done; otherwise valid until the next call. Throws std::bad_alloc.
    [[nodiscard]] const AVFrame* convert(const AVFrame& frame);

private:
    SwsContext* scaler_ = nullptr;
    FrameHandle planar_;
};

}  // namespace kf::media
