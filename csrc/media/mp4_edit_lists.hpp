// A look into an MP4's header before FFmpeg reads it: FFmpeg lists a stream's packets once for each edit, however many there
// are.
#pragma once

#include <cstdint>

#include "media/source.hpp"

namespace kf::media {

/// Edits in the longest edit list of a file made of MP4 boxes; 0 where there is none, and for any other file.
[[nodiscard]] std::int64_t longest_edit_list(const Source& source);

}  // namespace kf::media
