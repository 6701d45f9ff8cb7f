// How often memory could not be had. On Linux the linker leads malloc and its kin here (--wrap), of this extension and of
// the FFmpeg inside of it, because libavcodec does not always pass a lack of memory on: a picture may only look damaged.
// Where FFmpeg is another library, its allocations are not seen. Any thread; allocates nothing.
#pragma once

#include <cstdint>

namespace kf::base {

/// Counts all threads, because a decoder may work on several.
[[nodiscard]] std::int64_t failed_allocations() noexcept;
/// For memory that the system refused by other ways than malloc.
void note_failed_allocation() noexcept;

}  // namespace kf::base
