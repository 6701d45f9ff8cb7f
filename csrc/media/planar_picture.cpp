#include "media/planar_picture.hpp"

extern "C" {
#include <libswscale/swscale.h>
}

#include <algorithm>
#include <new>
#include <string_view>

#include "media/pixel_format.hpp"

namespace kf::media {
namespace {

bool holds_rgb(const AVPixFmtDescriptor& descriptor) noexcept {
    return (descriptor.flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
}

}  // namespace

PlanarPicture::PlanarPicture() : planar_(av_frame_alloc()) {
    if (!planar_) throw std::bad_alloc();
}

PlanarPicture::~PlanarPicture() {
    sws_freeContext(scaler_);
}

AVPixelFormat PlanarPicture::format_for(AVPixelFormat format) noexcept {
    const AVPixFmtDescriptor* from = av_pix_fmt_desc_get(format);
    if (from == nullptr || !sws_isSupportedInput(format)) return AV_PIX_FMT_NONE;
    const bool palette = (from->flags & AV_PIX_FMT_FLAG_PAL) != 0;
    const bool alpha = (from->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
    const int depth = palette ? 8 : std::max(8, from->comp[0].depth);
    const int planes = palette || from->nb_components - alpha >= 3 ? 3 : 1;
    for (const AVPixFmtDescriptor* to = nullptr; (to = av_pix_fmt_desc_next(to)) != nullptr;) {
        const AVPixelFormat candidate = av_pix_fmt_desc_get_id(to);
        const auto layout = layout_of(candidate);
        if (!layout || layout->depth != depth || layout->planes != planes ||
            holds_rgb(*to) != (planes == 3 && holds_rgb(*from)))
            continue;
        const bool same_chroma = to->log2_chroma_w == from->log2_chroma_w && to->log2_chroma_h == from->log2_chroma_h;
        if (!same_chroma || std::string_view(to->name).starts_with("yuvj") || !sws_isSupportedOutput(candidate)) continue;
        return candidate;
    }
    return AV_PIX_FMT_NONE;
}

const AVFrame* PlanarPicture::convert(const AVFrame& frame) {
    const auto format = static_cast<AVPixelFormat>(frame.format);
    const AVPixelFormat target = format_for(format);
    if (target == AV_PIX_FMT_NONE) return nullptr;
    scaler_ = sws_getCachedContext(scaler_, frame.width, frame.height, format, frame.width, frame.height, target,
                                   SWS_POINT | SWS_ACCURATE_RND, nullptr, nullptr, nullptr);
    if (scaler_ == nullptr) return nullptr;
    av_frame_unref(planar_.get());
    planar_->format = target;
    planar_->width = frame.width;
    planar_->height = frame.height;
    if (av_frame_get_buffer(planar_.get(), 0) < 0) throw std::bad_alloc();
    const int rows = sws_scale(scaler_, frame.data, frame.linesize, 0, frame.height, planar_->data, planar_->linesize);
    if (rows != frame.height || av_frame_copy_props(planar_.get(), &frame) < 0) return nullptr;
    return planar_.get();
}

}  // namespace kf::media
