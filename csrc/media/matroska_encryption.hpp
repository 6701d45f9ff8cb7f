// Looks into the header of a Matroska file for tracks that are encrypted. FFmpeg reads a track without a key's name as if it
// were not encrypted, and so a track with several encodings; it only says in its log that it cannot read an encoding
// (ffmpeg_log.hpp). Owns nothing. Any thread; reads element headers from the source, at most a few thousand.
#pragma once

#include "media/source.hpp"

namespace kf::media {

/// Whether the video track of this place among the video tracks has an encoding that is an encryption. False for any other
/// file. Throws Failure (read).
[[nodiscard]] bool is_encrypted_track(const Source& source, int place);

}  // namespace kf::media
