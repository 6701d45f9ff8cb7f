// Decodes one run: packets in, planes out. Owns one libavcodec decoder, which is opened for the run and closed after it. It
// knows neither files nor the order of the index nor what pixels mean; which packets to send is the caller's business. One
// owner, one thread at a time; it starts no thread. decoder_setup.hpp has the settings of the decoder, packet_sender.hpp how
// packets are sent, unwritten_marks.hpp how parts of a picture are found that were never decoded.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/picture_view.hpp"
#include "index/frame_index.hpp"
#include "media/ffmpeg_log.hpp"

namespace kf::media {

struct DecodedPicture {
    base::PictureView view;     ///< without planes where the pixel format cannot be taken
    std::int64_t ordinal = -1;  ///< of the packet that holds the picture
    bool flawed = false;        ///< a part of the picture is missing, or libavcodec says that it had to guess
};

enum class Received : std::uint8_t { picture, nothing, error };

class Decoder {
public:
    /// Throws Failure (unsupported, corrupt).
    explicit Decoder(const index::FrameIndex& index);
    ~Decoder();
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    /// Decodes one packet, `head` and `bytes` as one. Both are copied. False where libavcodec refuses the packet; the reason
    /// is then in last_log_line.
    [[nodiscard]] bool send(std::int64_t ordinal, std::span<const std::uint8_t> bytes,
                            std::span<const std::uint8_t> head = {});
    /// No packet follows: every picture that the decoder still holds comes out.
    [[nodiscard]] bool drain();
    /// The next picture that is ready. Its planes stay valid until the next call of any kind.
    [[nodiscard]] Received receive(DecodedPicture& picture);
    /// What libavcodec remarked since the last call on this thread. Ask before another decoder is used on the thread.
    [[nodiscard]] DecoderRemarks take_remarks() noexcept { return take_decoder_remarks(); }
    /// What FFmpeg logged when it last failed, or when the last flawed picture was decoded.
    [[nodiscard]] const std::string& last_log_line() const noexcept;
    /// Bytes of the pictures that the decoder may hold, at most.
    [[nodiscard]] std::int64_t memory() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kf::media
