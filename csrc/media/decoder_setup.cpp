#include "media/decoder_setup.hpp"

extern "C" {
#include <libavutil/opt.h>
}

#include <algorithm>
#include <cstring>
#include <new>

#include "base/error.hpp"
#include "media/ffmpeg_log.hpp"

namespace kf::media {

using base::ErrorCode;
using base::Failure;
using base::Stage;

namespace {

void set_extradata(AVCodecContext& decoder, const std::vector<std::uint8_t>& extradata) {
    decoder.extradata = static_cast<std::uint8_t*>(av_mallocz(extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    if (decoder.extradata == nullptr) throw std::bad_alloc();
    std::memcpy(decoder.extradata, extradata.data(), extradata.size());
    decoder.extradata_size = static_cast<int>(extradata.size());
}

/// AV1 decoders get no extradata. libavcodec would only take the largest size that a frame of the sequence may have from it,
/// and refuse the stream where that size exceeds max_pixels, though no frame needs to be as large. The sequence header is in
/// the packets as well.
bool takes_extradata(AVCodecID codec) noexcept {
    return codec != AV_CODEC_ID_AV1;
}

/// MPEG-4: libavcodec counts how pictures end. Once enough of them end as faulty encoders let them, it sets
/// FF_BUG_NO_PADDING and takes no bad end for an error any more. Only this debug flag makes it log that state, with every
/// picture header (LogMeaning::workarounds). Without the flag, whether a frame counts as damaged would depend on the packets
/// decoded before it, that is, on the other frames of the request.
void log_workarounds(AVCodecContext& decoder) noexcept {
    if (decoder.codec_id == AV_CODEC_ID_MPEG4) decoder.debug = FF_DEBUG_BUGS;
}

/// At least the pixels of a picture before the container's cropping, which rounds what it leaves down to a chroma sample.
std::int64_t decoded_pixels(const index::FrameIndex& index) noexcept {
    constexpr std::int64_t widest_chroma_sample = 4;
    const index::Cropping& cropping = index.cropping;
    if (cropping == index::Cropping{}) return std::int64_t{index.width} * index.height;
    return (index.width + cropping.left + cropping.right + widest_chroma_sample) *
           (index.height + cropping.top + cropping.bottom + widest_chroma_sample);
}

void set_hints(AVCodecContext& decoder, const index::StreamHints& hints) noexcept {
    decoder.codec_tag = hints.codec_tag;
    decoder.width = decoder.coded_width = hints.width;
    decoder.height = decoder.coded_height = hints.height;
    decoder.bits_per_coded_sample = hints.bits_per_sample;
    decoder.color_range = static_cast<AVColorRange>(hints.color_range);
    decoder.colorspace = static_cast<AVColorSpace>(hints.color_space);
    decoder.chroma_sample_location = static_cast<AVChromaLocation>(hints.chroma_location);
}

constexpr int most_threads = 16;  // libavcodec warns of more

/// Whether libavcodec decodes several pictures of this codec at once, and shows the same damage as one thread. Frame threads
/// of MPEG-4 race for the count of bad picture ends (see log_workarounds). Those of VP8 make other pictures of damage that
/// nobody reports, and so would the slice threads of MPEG-1 and MPEG-2, where one slice may run on into the next.
bool suits_several_threads(AVCodecID codec) noexcept {
    return codec == AV_CODEC_ID_H264 || codec == AV_CODEC_ID_HEVC || codec == AV_CODEC_ID_VP9 || codec == AV_CODEC_ID_AV1;
}

}  // namespace

CodecHandle set_up_decoder(const index::FrameIndex& index, std::int64_t max_pixels) {
    const AVCodecDescriptor* descriptor = avcodec_descriptor_get_by_name(index.codec.c_str());
    const AVCodec* codec = descriptor == nullptr ? nullptr : avcodec_find_decoder(descriptor->id);
    if (codec == nullptr)
        throw Failure(ErrorCode::unsupported, Stage::decode, "no decoder for the codec '" + index.codec + "'");
    CodecHandle decoder(avcodec_alloc_context3(codec));
    if (!decoder) throw std::bad_alloc();
    decoder->thread_count = 1;
    // libavcodec would round the first column down to an aligned address and so leave columns in the picture that are
    // cropped away. Decoder crops with AV_FRAME_CROP_UNALIGNED instead.
    decoder->apply_cropping = 0;
    decoder->pkt_timebase = {1, 1};
    decoder->max_pixels = std::max(max_pixels, decoded_pixels(index));
    set_hints(*decoder, index.hints);
    if (!index.extradata.empty() && takes_extradata(decoder->codec_id)) set_extradata(*decoder, index.extradata);
    // If the delay is too small, libavcodec drops a picture that turns out to be late. It has to be set before opening.
    decoder->has_b_frames = index.reorder_depth;
    log_workarounds(*decoder);
    return decoder;
}

int use_threads(AVCodecContext& decoder, int threads, std::atomic<bool>& said_something) noexcept {
    if (threads <= 1 || !suits_several_threads(decoder.codec_id)) return 1;
    decoder.thread_type = FF_THREAD_FRAME;  // dav1d chooses by itself
    decoder.thread_count = std::min(threads, most_threads);
    decoder.opaque = &said_something;
    return decoder.thread_count;
}

void decode_region(AVCodecContext& decoder, const Region& region) noexcept {
    if (decoder.codec_id != AV_CODEC_ID_H264) return;
    const auto set = [&](const char* name, int value) { (void)av_opt_set_int(decoder.priv_data, name, value, 0); };
    set("region_left", region.left);
    set("region_top", region.top);
    set("region_right", region.right);
    set("region_bottom", region.bottom);
}

void open_decoder(AVCodecContext& decoder) {
    (void)take_log_line();
    (void)take_decoder_remarks();
    if (const int result = avcodec_open2(&decoder, nullptr, nullptr); result < 0)
        throw Failure(ErrorCode::corrupt, Stage::decode, "the decoder cannot be opened", take_reason(result));
}

}  // namespace kf::media
