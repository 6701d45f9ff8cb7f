// Looks into the header of an MP4 before FFmpeg reads it. For every edit FFmpeg lists the packets of the stream once more,
// so a small file with many edits would take gigabytes of memory. Owns nothing. Any thread; reads box headers from the
// source.
#pragma once

#include <cstdint>

#include "media/source.hpp"

namespace kf::media {

/// Entries of the longest edit list of an MP4; 0 where there is none, and for any other file. Throws Failure (read).
[[nodiscard]] std::int64_t longest_edit_list(const Source& source);

}  // namespace kf::media
