#include "media/packet_sender.hpp"

#include <algorithm>
#include <climits>
#include <new>
#include <utility>

#include "media/ffmpeg_log.hpp"

namespace kf::media {
namespace {

/// WMV3: a packet of at most one byte says that nothing new is shown. libavcodec refuses such a packet. If that counted as
/// an error, frames after it would be called damaged in a file that is whole.
bool shows_nothing_new(AVCodecID codec, std::size_t size) noexcept {
    return codec == AV_CODEC_ID_WMV3 && size <= 1;
}

/// Raw video with a palette or one bit per pixel: libavcodec takes the length of a row from the size of the packet and shows
/// memory that was never written where the packet ends too early. It refuses packets that are too short in other formats.
bool is_too_short(const AVCodecContext& decoder, std::size_t size) noexcept {
    if (decoder.codec_id != AV_CODEC_ID_RAWVIDEO || decoder.width <= 0 || decoder.height <= 0) return false;
    const bool one_bit = decoder.pix_fmt == AV_PIX_FMT_MONOWHITE || decoder.pix_fmt == AV_PIX_FMT_MONOBLACK;
    if (!one_bit && decoder.pix_fmt != AV_PIX_FMT_PAL8) return false;
    const int stated = decoder.bits_per_coded_sample;
    const bool packed = stated == 1 || stated == 2 || stated == 4;
    const std::int64_t bits = one_bit ? 1 : packed ? stated : 8;
    const std::int64_t row = (decoder.width * bits + 7) / 8;
    const std::int64_t aligned_row = (row + 3) / 4 * 4;
    const auto bytes = static_cast<std::int64_t>(size);
    return bytes < decoder.height * (bytes % decoder.height == 0 ? row : aligned_row);
}

}  // namespace

PacketSender::PacketSender(AVCodecContext& decoder, std::vector<std::uint8_t> palette)
    : decoder_(decoder), palette_(std::move(palette)), packet_(av_packet_alloc()) {
    if (!packet_) throw std::bad_alloc();
    if (decoder.codec_id != AV_CODEC_ID_MPEG4) return;
    last_mpeg4_.reset(av_packet_alloc());
    if (!last_mpeg4_) throw std::bad_alloc();
}

int PacketSender::send(std::int64_t ordinal, std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> head) {
    if (is_too_short(decoder_, head.size() + bytes.size())) return AVERROR_INVALIDDATA;
    const PacketData data(*packet_);
    if (const int result = fill_packet(ordinal, bytes, head); result < 0) return result;
    if (last_mpeg4_) {
        av_packet_unref(last_mpeg4_.get());
        if (av_packet_ref(last_mpeg4_.get(), packet_.get()) < 0) return AVERROR(ENOMEM);
    }
    const int result = avcodec_send_packet(&decoder_, packet_.get());
    if (result >= 0 || !shows_nothing_new(decoder_.codec_id, head.size() + bytes.size())) return result;
    (void)take_log_line();
    return 0;
}

int PacketSender::fill_packet(std::int64_t ordinal, std::span<const std::uint8_t> bytes,
                              std::span<const std::uint8_t> head) {
    const std::size_t size = head.size() + bytes.size();
    if (size > INT_MAX - AV_INPUT_BUFFER_PADDING_SIZE) return AVERROR_INVALIDDATA;
    if (const int result = av_new_packet(packet_.get(), static_cast<int>(size)); result < 0) return result;
    std::copy(bytes.begin(), bytes.end(), std::copy(head.begin(), head.end(), packet_->data));
    // The packet's number goes through libavcodec in AVPacket.pts and comes back in AVFrame.pts. Neither the order of the
    // output nor the container's timestamps would identify a frame: both differ in too many files.
    packet_->pts = ordinal;
    return palette_.empty() ? 0 : attach_palette();
}

/// The container gives the palette beside its first packet. A decoder that begins at a later packet needs it as well, or its
/// pictures have the colours of an empty palette. The decoder keeps it, so the first packet sent brings it and no other.
int PacketSender::attach_palette() {
    std::uint8_t* palette = av_packet_new_side_data(packet_.get(), AV_PKT_DATA_PALETTE, palette_.size());
    if (palette == nullptr) return AVERROR(ENOMEM);
    std::copy(palette_.begin(), palette_.end(), palette);
    palette_.clear();
    return 0;
}

/// MPEG-4: libavcodec logs how the picture before ended when it reads the next header (see log_workarounds in
/// decoder_setup.cpp). The last picture has no next header. So the last packet is sent once more, with skip_frame set so
/// that its header is read and its picture is not decoded. Otherwise a bad end of the last picture would go unnoticed.
int PacketSender::finish() {
    if (last_mpeg4_ && last_mpeg4_->size > 0) {
        decoder_.skip_frame = AVDISCARD_ALL;
        (void)avcodec_send_packet(&decoder_, last_mpeg4_.get());
    }
    return avcodec_send_packet(&decoder_, nullptr);
}

}  // namespace kf::media
