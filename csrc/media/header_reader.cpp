#include "media/header_reader.hpp"

#include <new>

#include "media/cropping.hpp"
#include "media/decoder_setup.hpp"
#include "media/ffmpeg_log.hpp"
#include "media/packet_sender.hpp"
#include "media/picture_properties.hpp"
#include "media/pixel_format.hpp"
#include "media/planar_picture.hpp"

namespace kf::media {
namespace {

bool is_readable(AVPixelFormat format) noexcept {
    return layout_of(format).has_value() || PlanarPicture::format_for(format) != AV_PIX_FMT_NONE;
}

/// For MPEG-4 AVCodecContext.framerate is the clock of the time stamps, which ticks faster than pictures come.
index::Rational rate_of(const AVCodecContext& decoder) noexcept {
    const AVRational rate = decoder.framerate;
    const bool is_known = decoder.codec_id != AV_CODEC_ID_MPEG4 && rate.num > 0 && rate.den > 0;
    return is_known ? index::Rational{rate.num, rate.den} : index::Rational{};
}

PictureFormat format_of(const AVCodecContext& decoder) {
    PictureFormat format;
    format.width = decoder.width;
    format.height = decoder.height;
    if (const char* name = av_get_pix_fmt_name(decoder.pix_fmt)) format.pixel_format = name;
    format.readable = is_readable(decoder.pix_fmt);
    format.rate = rate_of(decoder);
    return format;
}

/// AVCodecContext::get_buffer2. `opaque` is the PictureFormat to fill.
int note_format_and_refuse(AVCodecContext* decoder, AVFrame*, int) noexcept {
    try {
        *static_cast<PictureFormat*>(decoder->opaque) = format_of(*decoder);
    } catch (const std::bad_alloc&) {
        return AVERROR(ENOMEM);
    }
    return AVERROR_EXIT;
}

}  // namespace

struct HeaderReader::Impl {
    Impl(const index::FrameIndex& index, std::int64_t max_pixels)
        : cropping(index.cropping), container(index.properties), decoder(set_up_decoder(index, max_pixels)),
          sender(*decoder, index.palette) {
        if (!frame) throw std::bad_alloc();
        decoder->get_buffer2 = note_format_and_refuse;
        decoder->opaque = &noted;
        set_properties(*decoder, container);
        open_decoder(*decoder);
    }

    bool succeeded(int result) {
        if (result >= 0) return true;
        last_log_line = take_reason(result);
        too_large = too_large || says_size_refused(last_log_line);
        return false;
    }

    index::Cropping cropping;
    index::PictureProperties container;
    PictureFormat noted;  // declared before the decoder, which writes there
    CodecHandle decoder;
    PacketSender sender;
    FrameHandle frame{av_frame_alloc()};
    std::string last_log_line;
    bool too_large = false;
};

HeaderReader::HeaderReader(const index::FrameIndex& index, std::int64_t max_pixels)
    : impl_(std::make_unique<Impl>(index, max_pixels)) {}

HeaderReader::~HeaderReader() = default;

void HeaderReader::read(std::int64_t ordinal, std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> head) {
    if (!impl_->succeeded(impl_->sender.send(ordinal, bytes, head))) return;
    const int result = avcodec_receive_frame(impl_->decoder.get(), impl_->frame.get());
    if (result != AVERROR(EAGAIN) && result != AVERROR_EOF) (void)impl_->succeeded(result);
}

PictureFormat HeaderReader::format() const {
    PictureFormat format = impl_->noted;
    if (format.width <= 0) {
        format = format_of(*impl_->decoder);
        format.too_large = impl_->too_large;
    }
    base::PixelLayout layout{.chroma_shift_x = 0, .chroma_shift_y = 0};
    const AVPixelFormat pixel_format = av_get_pix_fmt(format.pixel_format.c_str());
    (void)av_pix_fmt_get_chroma_sub_sample(pixel_format, &layout.chroma_shift_x, &layout.chroma_shift_y);
    format.properties = properties_of(*impl_->decoder, impl_->container);
    const KeptArea area = kept_area(format.width, format.height, layout, impl_->cropping);
    format.cropped_width = area.width;
    format.cropped_height = area.height;
    return format;
}

const std::string& HeaderReader::last_log_line() const noexcept {
    return impl_->last_log_line;
}

}  // namespace kf::media
