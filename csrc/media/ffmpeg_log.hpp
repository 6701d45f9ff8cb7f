// FFmpeg's log: the last error or warning of this thread, for error messages, and the facts that decoders report in the log
// alone (ffmpeg_log_texts.hpp). The callback is the only process-wide state of the core: each copy of FFmpeg has one log,
// and the wheel's copy is private. What was logged is kept per thread, so any thread may call every function. A decoder with
// threads of its own logs on those threads; its lines are not kept, and only set the decoder's flag (decoder_setup.hpp). The
// callback never prints, never allocates and never touches Python.
#pragma once

#include <string>
#include <string_view>

namespace kf::media {

/// Makes FFmpeg's log go to this file's callback. Once is enough.
void capture_ffmpeg_log() noexcept;

/// The last error or warning that FFmpeg logged on this thread since the last call; empty if there was none.
[[nodiscard]] std::string take_log_line();

/// Why a call of FFmpeg failed: the same line, or what the error code stands for if nothing was logged.
[[nodiscard]] std::string take_reason(int error);

/// What the log said on this thread: of the packets that were decoded, and of the container that was opened.
struct DecoderRemarks {
    bool missing_reference = false;  ///< a picture refers to another that is missing; something was taken in its place
    bool missing_picture = false;    ///< HEVC: a picture is missing that may still be referred to
    /// MPEG-4: libavcodec thinks that a faulty encoder wrote the stream, and no longer reports bad picture ends.
    bool lenient = false;
    bool unread_encoding = false;  ///< Matroska: FFmpeg ignores how a track is compressed or encrypted
};

/// The remarks since the last call on this thread.
[[nodiscard]] DecoderRemarks take_decoder_remarks() noexcept;

/// Whether a line of the log says that the size of a picture was refused.
[[nodiscard]] bool says_size_refused(std::string_view log_line) noexcept;

}  // namespace kf::media
