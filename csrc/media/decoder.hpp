// One libavcodec decoder, opened for one run and closed after it: packets in, planes out. It knows no files, no index order
// and no pixels' meaning; which packets to send is the caller's business. One owner, one thread at a time; it starts no
// threads.
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
    base::PictureView view;
    std::int64_t ordinal = -1;  ///< of the packet that holds the picture
    bool flawed = false;        ///< libavcodec says that it had to guess
};

enum class Received : std::uint8_t { picture, nothing, error };

constexpr std::int64_t most_pixels = std::int64_t{1} << 27;

class Decoder {
public:
    /// Throws Failure (unsupported, corrupt). headers_only: every packet is refused once its header has been read.
    /// max_pixels: larger pictures are refused.
    explicit Decoder(const index::FrameIndex& index, bool headers_only = false, std::int64_t max_pixels = most_pixels);
    ~Decoder();
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    /// Decodes one packet, `head` and `bytes` as one; they are copied with zeroed padding. False where libavcodec refuses it
    /// (see last_log_line).
    [[nodiscard]] bool send(std::int64_t ordinal, std::span<const std::uint8_t> bytes,
                            std::span<const std::uint8_t> head = {});
    /// Reads what this packet says of the pictures' format; see `format`.
    void read_header(std::int64_t ordinal, std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> head);
    /// What libavcodec remarked since the last call, on this thread: ask before another decoder is used on it.
    [[nodiscard]] DecoderRemarks take_remarks() noexcept { return take_decoder_remarks(); }
    /// No packet follows: every picture still held comes out.
    [[nodiscard]] bool drain();
    /// The next picture that is ready; its planes stay valid until the next call of any kind.
    [[nodiscard]] Received receive(DecodedPicture& picture);
    [[nodiscard]] const std::string& last_log_line() const noexcept;

    /// What the packets sent so far say; empty or zero before the first header was read.
    struct Format {
        int width = 0;
        int height = 0;
        std::string pixel_format;
        bool readable = false;   ///< whether the converter takes it
        bool too_large = false;  ///< a picture was refused for its size
        index::Rational rate;    ///< frames a second; 0 where the stream's headers do not say
    };
    [[nodiscard]] Format format() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kf::media
