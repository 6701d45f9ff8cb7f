// The bytes of a saved frame index: in pickles and in the index file of a data set. Pure; any thread; does no I/O. Saved
// bytes are untrusted: unpacking checks every number.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "index/frame_index.hpp"

namespace kf::index {

/// The tag in front of a saved index. It changes with the form of the bytes: an index with another tag is refused.
[[nodiscard]] std::string_view saved_index_form() noexcept;

/// About 8 bytes per packet, of which zlib leaves 3; the same bytes on every machine.
[[nodiscard]] std::vector<std::uint8_t> pack(const FrameIndex& index);

/// Throws Failure (corrupt, index) where the bytes are not an index of this form or a number is out of range.
[[nodiscard]] FrameIndex unpack(base::Bytes bytes);

}  // namespace kf::index
