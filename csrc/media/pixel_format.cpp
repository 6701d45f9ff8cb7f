#include "media/pixel_format.hpp"

#include <string_view>

namespace kf::media {

using base::PixelLayout;

namespace {

struct Weights {
    double red;
    double blue;
};

/// Luma weights of ITU-T H.273, table 4. Where the stream says nothing, BT.601 as in FFmpeg.
Weights weights_of(AVColorSpace space) noexcept {
    switch (space) {
        case AVCOL_SPC_BT709: return {0.2126, 0.0722};
        case AVCOL_SPC_FCC: return {0.30, 0.11};
        case AVCOL_SPC_SMPTE240M: return {0.212, 0.087};
        case AVCOL_SPC_BT2020_NCL:
        case AVCOL_SPC_BT2020_CL: return {0.2627, 0.0593};
        default: return {0.299, 0.114};
    }
}

/// ITU-T H.273, figure 5. Where the stream says nothing, left as in H.264. (FFmpeg's JPEG decoder says centre.)
base::ChromaSite site_of(AVChromaLocation location, const PixelLayout& layout) noexcept {
    const double centre_x = ((1 << layout.chroma_shift_x) - 1) / 2.0;
    const double centre_y = ((1 << layout.chroma_shift_y) - 1) / 2.0;
    switch (location) {
        case AVCHROMA_LOC_CENTER: return {centre_x, centre_y};
        case AVCHROMA_LOC_TOPLEFT: return {0.0, 0.0};
        case AVCHROMA_LOC_TOP: return {centre_x, 0.0};
        case AVCHROMA_LOC_BOTTOMLEFT: return {0.0, 2 * centre_y};
        case AVCHROMA_LOC_BOTTOM: return {centre_x, 2 * centre_y};
        default: return {0.0, centre_y};
    }
}

bool is_jpeg_format(const AVPixFmtDescriptor& descriptor) noexcept {
    return std::string_view(descriptor.name).starts_with("yuvj");
}

}  // namespace

std::optional<PixelLayout> layout_of(AVPixelFormat format) noexcept {
    const AVPixFmtDescriptor* descriptor = av_pix_fmt_desc_get(format);
    if (descriptor == nullptr) return {};
    constexpr auto not_taken = AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL |
                               AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_FLOAT;
    if ((descriptor->flags & not_taken) != 0) return {};
    const int planes = descriptor->nb_components;
    if (planes != 1 && planes != 3) return {};
    if (planes == 3 && (descriptor->flags & AV_PIX_FMT_FLAG_PLANAR) == 0) return {};
    const int depth = descriptor->comp[0].depth;
    if (depth < 8 || depth > 16) return {};
#if AV_HAVE_BIGENDIAN
    constexpr bool native_big = true;
#else
    constexpr bool native_big = false;
#endif
    if (depth > 8 && ((descriptor->flags & AV_PIX_FMT_FLAG_BE) != 0) != native_big) return {};
    for (int c = 0; c < planes; ++c) {
        const AVComponentDescriptor& component = descriptor->comp[c];
        if (component.depth != depth || component.shift != 0 || component.offset != 0 ||
            component.step != (depth > 8 ? 2 : 1))
            return {};
    }
    const bool grey = planes == 1;
    return PixelLayout{planes, grey ? 0 : descriptor->log2_chroma_w, grey ? 0 : descriptor->log2_chroma_h, depth};
}

std::optional<base::PictureView> view_of(const AVFrame& frame) noexcept {
    const auto format = static_cast<AVPixelFormat>(frame.format);
    const auto layout = layout_of(format);
    if (!layout) return {};
    const AVPixFmtDescriptor& descriptor = *av_pix_fmt_desc_get(format);
    base::PictureView view;
    view.width = frame.width;
    view.height = frame.height;
    view.layout = *layout;
    const auto [red, blue] = weights_of(frame.colorspace);
    view.color.red_weight = red;
    view.color.blue_weight = blue;
    view.color.rgb = (descriptor.flags & AV_PIX_FMT_FLAG_RGB) != 0;
    const bool grey_of_no_range =
        layout->planes == 1 && frame.color_range == AVCOL_RANGE_UNSPECIFIED;  // full range, as in swscale
    view.color.full_range =
        frame.color_range == AVCOL_RANGE_JPEG || is_jpeg_format(descriptor) || view.color.rgb || grey_of_no_range;
    view.site = site_of(frame.chroma_location, *layout);
    for (int p = 0; p < layout->planes; ++p) {
        view.planes[static_cast<std::size_t>(p)] = {frame.data[p], layout->plane_width(p, frame.width),
                                                    layout->plane_height(p, frame.height), layout->sample_bytes(),
                                                    frame.linesize[p]};
    }
    return view;
}

}  // namespace kf::media
