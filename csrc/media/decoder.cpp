#include "media/decoder.hpp"

extern "C" {
#include <libavutil/imgutils.h>
}

#include <algorithm>
#include <atomic>
#include <new>
#include <optional>

#include "base/error.hpp"
#include "media/cropping.hpp"
#include "media/decoder_setup.hpp"
#include "media/packet_sender.hpp"
#include "media/pixel_format.hpp"
#include "media/planar_picture.hpp"
#include "media/unwritten_marks.hpp"

namespace kf::media {
namespace {

constexpr std::int64_t max_pixels = std::int64_t{1} << 27;  // larger pictures are decoded where the index says their size
constexpr int pictures_at_work = 2;                         // the picture that is decoded, and the picture that comes out

/// Where the system starts no threads, opening fails, and the decoder works on one.
CodecHandle open(const index::FrameIndex& index, int threads, const std::optional<Region>& region,
                 std::atomic<bool>& said_something) {
    CodecHandle codec = set_up_decoder(index, max_pixels);
    threads = use_threads(*codec, threads, said_something);
    if (region) decode_region(*codec, *region);
    if (leaves_parts_unwritten(codec->codec_id)) codec->get_buffer2 = get_marked_buffer;
    try {
        open_decoder(*codec);
    } catch (const base::Failure&) {
        if (threads == 1) throw;
        return open(index, 1, region, said_something);
    }
    return codec;
}

}  // namespace

struct Decoder::Impl {
    Impl(const index::FrameIndex& index, int threads, const std::optional<Region>& region)
        : cropping(index.cropping), codec(open(index, threads, region, said_something)), sender(*codec, index.palette),
          marks_memory(leaves_parts_unwritten(codec->codec_id)) {
        if (!frame) throw std::bad_alloc();
    }

    bool succeeded(int result) {
        if (result < 0) last_log_line = take_reason(result);
        return result >= 0;
    }

    std::optional<base::PictureView> view(const AVFrame& decoded) {
        if (const auto unchanged = view_of(decoded)) return unchanged;
        if (!planar) planar = std::make_unique<PlanarPicture>();
        const AVFrame* converted = planar->convert(decoded);
        return converted == nullptr ? std::nullopt : view_of(*converted);
    }

    index::Cropping cropping;
    std::atomic<bool> said_something = false;  // declared before the decoder, whose threads write there
    CodecHandle codec;
    PacketSender sender;
    bool marks_memory;
    FrameHandle frame{av_frame_alloc()};
    std::unique_ptr<PlanarPicture> planar;  // null until a picture needs it
    std::string last_log_line;
};

Decoder::Decoder(const index::FrameIndex& index, int threads, const std::optional<Region>& region)
    : impl_(std::make_unique<Impl>(index, threads, region)) {}

Decoder::~Decoder() = default;

bool Decoder::send(std::int64_t ordinal, std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> head) {
    return impl_->succeeded(impl_->sender.send(ordinal, bytes, head));
}

bool Decoder::drain() {
    return impl_->succeeded(impl_->sender.finish());
}

Received Decoder::receive(DecodedPicture& picture) {
    AVFrame& frame = *impl_->frame;
    const int result = avcodec_receive_frame(impl_->codec.get(), &frame);
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return Received::nothing;
    if (!impl_->succeeded(result)) return Received::error;
    const bool unwritten = impl_->marks_memory && has_unwritten_parts(frame);  // before cropping moves the planes
    if (!impl_->succeeded(av_frame_apply_cropping(&frame, AV_FRAME_CROP_UNALIGNED))) return Received::error;
    picture.ordinal = frame.pts;
    picture.flawed = unwritten || frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0;
    if (picture.flawed) impl_->last_log_line = unwritten ? "a part of the picture is missing" : take_log_line();
    picture.view = cropped(impl_->view(frame).value_or(base::PictureView{}), impl_->cropping);
    return Received::picture;
}

int Decoder::threads() const noexcept {
    return impl_->codec->thread_count;
}

bool Decoder::said_something() const noexcept {
    return impl_->said_something;
}

std::int64_t Decoder::memory() const noexcept {
    const AVCodecContext& codec = *impl_->codec;
    const int picture = av_image_get_buffer_size(codec.pix_fmt, codec.coded_width, codec.coded_height, 1);
    return std::int64_t{std::max(0, picture)} * (codec.refs + codec.has_b_frames + pictures_at_work);
}

const std::string& Decoder::last_log_line() const noexcept {
    return impl_->last_log_line;
}

}  // namespace kf::media
