// Turns a picture whose samples do not lie in planes of their own (packed, with a palette, interleaved chroma, with alpha)
// into planes of the same depth and subsampling, by swscale. Samples are moved, never mixed; alpha is left out. Owns the
// planes and swscale's context. One owner, one thread at a time.
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

    /// The picture in planes, valid until the next call; null where there is no planar format for it. Throws std::bad_alloc.
    [[nodiscard]] const AVFrame* convert(const AVFrame& frame);

private:
    SwsContext* scaler_ = nullptr;
    FrameHandle planar_;
};

}  // namespace kf::media
