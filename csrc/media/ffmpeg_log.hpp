// FFmpeg's last words on this thread, for error messages. The callback is the only process-wide state of the core: FFmpeg
// has one log for each copy of itself, and the wheel's copy is its own. It never prints and never touches Python.
#pragma once

#include <string>

namespace kf {

/// Sends FFmpeg's log here. Any thread, once is enough.
void capture_ffmpeg_log() noexcept;

/// The last error or warning FFmpeg logged on this thread since the last call; empty if none.
[[nodiscard]] std::string take_ffmpeg_words();

}  // namespace kf
