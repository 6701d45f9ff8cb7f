// FFmpeg's log: its last words on this thread, for error messages, and the remarks of its decoders. The callback is the only
// process-wide state of the core: FFmpeg has one log for each copy of itself, and the wheel's copy is its own. It never
// prints and never touches Python.
#pragma once

#include <string>

namespace kf::media {

/// Sends FFmpeg's log here. Any thread, once is enough.
void capture_ffmpeg_log() noexcept;

/// The last error or warning FFmpeg logged on this thread since the last call; empty if none.
[[nodiscard]] std::string take_log_line();

/// What FFmpeg's decoders say nowhere but in their log, of the packets decoded on this thread.
struct DecoderRemarks {
    bool missing_reference = false;  ///< H.264: a slice refers to a picture that is not there; another one was taken
    bool frame_number_gap = false;   ///< H.264: pictures that others refer to did not come
    bool lenient = false;  ///< MPEG-4: pictures have ended as faulty encoders let them, so that it is not an error any more
};

/// Those since the last call on this thread.
[[nodiscard]] DecoderRemarks take_decoder_remarks() noexcept;

}  // namespace kf::media
