#include "media/decoder.hpp"

#include <algorithm>
#include <climits>
#include <cstring>
#include <new>
#include <optional>

#include "base/error.hpp"
#include "media/handles.hpp"
#include "media/pixel_format.hpp"
#include "media/planar_picture.hpp"
#include "media/unwritten_marks.hpp"

namespace kf::media {
namespace {

bool readable(AVPixelFormat format) noexcept {
    return layout_of(format).has_value() || PlanarPicture::format_for(format) != AV_PIX_FMT_NONE;
}

/// MPEG-4 has its clock there, which ticks faster.
index::Rational rate_of(const AVCodecContext& context) {
    const bool said = context.codec_id != AV_CODEC_ID_MPEG4 && context.framerate.num > 0 && context.framerate.den > 0;
    return said ? index::Rational{context.framerate.num, context.framerate.den} : index::Rational{};
}

Decoder::Format format_of(const AVCodecContext& context) {
    const char* name = av_get_pix_fmt_name(context.pix_fmt);
    return {context.width, context.height, name ? name : "", readable(context.pix_fmt), false, rate_of(context)};
}

/// A decoder asks for memory once it has read a picture's header, before it reconstructs anything. `opaque` is the format.
int note_format_and_refuse(AVCodecContext* context, AVFrame*, int) noexcept {
    try {
        *static_cast<Decoder::Format*>(context->opaque) = format_of(*context);
    } catch (const std::bad_alloc&) {
        return AVERROR(ENOMEM);
    }
    return AVERROR_EXIT;
}

}  // namespace

struct Decoder::Impl {
    Format noted;  // declared first: the decoder writes there
    CodecHandle codec;
    PacketHandle packet{av_packet_alloc()};
    FrameHandle frame{av_frame_alloc()};
    std::string last_log_line;
    bool too_large = false;
    bool marks_memory = false;
    PacketHandle last;                  // of MPEG-4, the last packet sent
    std::vector<std::uint8_t> palette;  // for the first packet

    std::unique_ptr<PlanarPicture> planar;  // where the decoder's format needs it

    std::optional<base::PictureView> view(const AVFrame& decoded) {
        if (const auto as_it_is = view_of(decoded)) return as_it_is;
        if (!planar) planar = std::make_unique<PlanarPicture>();
        const AVFrame* turned = planar->convert(decoded);
        return turned == nullptr ? std::nullopt : view_of(*turned);
    }

    bool succeeded(int result) {
        if (result >= 0) return true;
        last_log_line = take_log_line();
        if (last_log_line.empty()) last_log_line = error_text(result);
        too_large = too_large || says_size_refused(last_log_line);
        return false;
    }
};

Decoder::Decoder(const index::FrameIndex& index, bool headers_only, std::int64_t max_pixels)
    : impl_(std::make_unique<Impl>()) {
    const AVCodecDescriptor* descriptor = avcodec_descriptor_get_by_name(index.codec.c_str());
    const AVCodec* codec = descriptor == nullptr ? nullptr : avcodec_find_decoder(descriptor->id);
    if (codec == nullptr)
        throw base::Failure(base::ErrorCode::unsupported, base::Stage::decode,
                            "no decoder for the codec '" + index.codec + "'");
    impl_->codec.reset(avcodec_alloc_context3(codec));
    if (!impl_->codec || !impl_->packet || !impl_->frame) throw std::bad_alloc();
    AVCodecContext& context = *impl_->codec;
    context.thread_count = 1;    // runs are parallel, not the decoder
    context.apply_cropping = 0;  // libavcodec's own leaves columns in that would begin at an unaligned address
    context.pkt_timebase = {1, 1};
    context.max_pixels = std::max(max_pixels, std::int64_t{index.width} * index.height);
    context.codec_tag = index.hints.codec_tag;
    context.width = context.coded_width = index.hints.width;
    context.height = context.coded_height = index.hints.height;
    context.bits_per_coded_sample = index.hints.bits_per_sample;
    context.color_range = static_cast<AVColorRange>(index.hints.color_range);
    context.colorspace = static_cast<AVColorSpace>(index.hints.color_space);
    context.chroma_sample_location = static_cast<AVChromaLocation>(index.hints.chroma_location);
    impl_->marks_memory = !headers_only && leaves_parts_unwritten(descriptor->id);
    if (impl_->marks_memory) context.get_buffer2 = get_marked_buffer;
    if (headers_only) {
        context.get_buffer2 = note_format_and_refuse;
        context.opaque = &impl_->noted;
    }
    impl_->palette = index.palette;
    // dav1d would only look there for the largest size a frame could have, and refuse it.
    if (!index.extradata.empty() && descriptor->id != AV_CODEC_ID_AV1) {
        context.extradata = static_cast<std::uint8_t*>(av_mallocz(index.extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
        if (context.extradata == nullptr) throw std::bad_alloc();
        std::memcpy(context.extradata, index.extradata.data(), index.extradata.size());
        context.extradata_size = static_cast<int>(index.extradata.size());
    }
    // Before opening: with too small a delay libavcodec drops a picture that turns out to be late.
    context.has_b_frames = index.reorder_depth;
    if (descriptor->id == AV_CODEC_ID_MPEG4) {
        context.debug = FF_DEBUG_BUGS;  // says with every header whether it has become lenient
        impl_->last.reset(av_packet_alloc());
        if (!impl_->last) throw std::bad_alloc();
    }
    (void)take_log_line();
    (void)take_decoder_remarks();
    if (!impl_->succeeded(avcodec_open2(&context, codec, nullptr))) {
        throw base::Failure(base::ErrorCode::corrupt, base::Stage::decode, "the decoder cannot be opened",
                            impl_->last_log_line);
    }
}

Decoder::~Decoder() = default;

bool Decoder::send(std::int64_t ordinal, std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> head) {
    AVPacket& packet = *impl_->packet;
    const std::size_t size = head.size() + bytes.size();
    if (size > INT_MAX - AV_INPUT_BUFFER_PADDING_SIZE) return impl_->succeeded(AVERROR_INVALIDDATA);
    const int result = av_new_packet(&packet, static_cast<int>(size));  // zeroes the padding
    if (result < 0) return impl_->succeeded(result);
    const PacketData data(packet);
    std::copy(bytes.begin(), bytes.end(), std::copy(head.begin(), head.end(), packet.data));
    if (!impl_->palette.empty()) {
        std::uint8_t* palette = av_packet_new_side_data(&packet, AV_PKT_DATA_PALETTE, impl_->palette.size());
        if (palette == nullptr) return impl_->succeeded(AVERROR(ENOMEM));
        std::copy(impl_->palette.begin(), impl_->palette.end(), palette);
        impl_->palette.clear();  // the decoder keeps it
    }
    packet.pts = ordinal;  // a picture is known by its packet, never by the container's time or the order it comes out
    if (impl_->last) {
        av_packet_unref(impl_->last.get());
        if (av_packet_ref(impl_->last.get(), &packet) < 0) return impl_->succeeded(AVERROR(ENOMEM));
    }
    // With a packet of one byte WMV3 says that nothing new is shown. libavcodec refuses it, but that is no damage.
    const bool says_nothing = impl_->codec->codec_id == AV_CODEC_ID_WMV3 && size <= 1;
    return impl_->succeeded(avcodec_send_packet(impl_->codec.get(), &packet)) || says_nothing;
}

void Decoder::read_header(std::int64_t ordinal, std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> head) {
    DecodedPicture picture;
    if (send(ordinal, bytes, head)) (void)receive(picture);
}

bool Decoder::drain() {
    if (impl_->last && impl_->last->size > 0) {  // its header once more, for the remark on how the last picture ended
        impl_->codec->skip_frame = AVDISCARD_ALL;
        (void)avcodec_send_packet(impl_->codec.get(), impl_->last.get());
    }
    return impl_->succeeded(avcodec_send_packet(impl_->codec.get(), nullptr));
}

Received Decoder::receive(DecodedPicture& picture) {
    AVFrame& frame = *impl_->frame;
    const int result = avcodec_receive_frame(impl_->codec.get(), &frame);
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return Received::nothing;
    if (!impl_->succeeded(result)) return Received::error;
    const bool unwritten = impl_->marks_memory && has_unwritten_parts(frame);
    if (!impl_->succeeded(av_frame_apply_cropping(&frame, AV_FRAME_CROP_UNALIGNED))) return Received::error;
    picture.ordinal = frame.pts;
    picture.flawed = unwritten || frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0;
    if (picture.flawed) impl_->last_log_line = unwritten ? "a part of the picture is not there" : take_log_line();
    picture.view = impl_->view(frame).value_or(base::PictureView{});  // no planes: a format that cannot be taken
    return Received::picture;
}

const std::string& Decoder::last_log_line() const noexcept {
    return impl_->last_log_line;
}

Decoder::Format Decoder::format() const {
    Format format = impl_->noted.width > 0 ? impl_->noted : format_of(*impl_->codec);
    format.too_large = impl_->noted.width <= 0 && impl_->too_large;
    return format;
}

}  // namespace kf::media
