// Decodes one run: packets in, planes out. Owns one libavcodec decoder, which is opened for the run and closed after it. It
// knows neither files nor the order of the index nor what pixels mean; which packets to send is the caller's business. One
// owner, one thread at a time. decoder_setup.hpp has the settings of the decoder, packet_sender.hpp how packets are sent,
// unwritten_marks.hpp how parts of a picture are found that were never decoded.
//
// With several threads, libavcodec decodes packets on threads of its own, which end with the decoder: pictures come out
// later, and so do errors. What the log says of a packet cannot be told apart from what it says of other packets; it only
// shows in `said_something`. Such a decoder serves as long as nothing is wrong: what is wrong, one thread has to find out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/picture_view.hpp"
#include "index/frame_index.hpp"
#include "media/ffmpeg_log.hpp"
#include "media/region.hpp"

namespace kf::media {

struct DecodedPicture {
    base::PictureView view;     ///< without planes where the pixel format cannot be taken
    std::int64_t ordinal = -1;  ///< of the packet that holds the picture
    bool flawed = false;        ///< a part of the picture is missing, or libavcodec says that it had to guess
};

enum class Received : std::uint8_t { picture, nothing, error };

class Decoder {
public:
    /// threads: at most so many of its own; with 1 it works on the caller's. region: what the caller reads of sound
    /// pictures; the rest of them may hold anything. Throws Failure (unsupported, corrupt).
    explicit Decoder(const index::FrameIndex& index, int threads = 1, const std::optional<Region>& region = {});
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
    /// The number of threads: 1 where the codec cannot use more or the system starts no more.
    [[nodiscard]] int threads() const noexcept;
    /// With several threads: whether the decoder has ever said anything that may tell of damage.
    [[nodiscard]] bool said_something() const noexcept;
    /// With one thread: what libavcodec remarked since the last call on this thread. Ask before another decoder is used on
    /// the thread.
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
