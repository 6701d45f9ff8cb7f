// Reads the format of a stream's pictures from its headers without decoding a picture: a libavcodec decoder asks for memory
// once it has read a picture's header, and is refused. Owns that decoder. One owner, one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "index/frame_index.hpp"

namespace kf::media {

/// Empty or zero before the first header is read.
struct PictureFormat {
    int width = 0;
    int height = 0;
    int cropped_width = 0;  ///< of what the container leaves of the picture; 0 or less where that is nothing
    int cropped_height = 0;
    std::string pixel_format;
    bool readable = false;                ///< whether the converter takes the pixel format
    bool too_large = false;               ///< a picture was refused for its size
    index::Rational rate;                 ///< frames per second; 0 where the stream's headers do not say
    index::PictureProperties properties;  ///< the container's where the headers do not say
};

class HeaderReader {
public:
    /// Pictures of more than max_pixels are refused. Throws Failure (unsupported, corrupt).
    HeaderReader(const index::FrameIndex& index, std::int64_t max_pixels);
    ~HeaderReader();
    HeaderReader(const HeaderReader&) = delete;
    HeaderReader& operator=(const HeaderReader&) = delete;

    /// Reads the headers of a packet, `head` and `bytes` as one. What it says is then in `format`.
    void read(std::int64_t ordinal, std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> head);
    [[nodiscard]] PictureFormat format() const;
    /// What FFmpeg logged when it last refused something; empty before.
    [[nodiscard]] const std::string& last_log_line() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kf::media
