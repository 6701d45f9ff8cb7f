// The thread-local data that decoding uses: the C++ runtime's, for exceptions, and that of FFmpeg's log. The system makes
// such data at its first use, and ends the process where there is no memory for it then. Any thread.
#pragma once

#include <array>
#include <cstdlib>
#include <exception>

#include "media/ffmpeg_log.hpp"

namespace kf::engine {

/// Makes the data of this thread. Returns false if there is no memory for the data.
[[nodiscard]] inline bool make_thread_locals() noexcept {
    // malloc keeps freed blocks of these sizes for their thread, so that the system finds them where it needs one.
    constexpr std::size_t step = 16;
    std::array<void*, 64> blocks{};
    bool all = true;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        // NOLINTNEXTLINE(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory): what the system calls
        blocks[i] = std::malloc((i + 1) * step);
        all = all && blocks[i] != nullptr;
    }
    // NOLINTNEXTLINE(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
    for (void* block : blocks) std::free(block);
    if (!all) return false;
    [[maybe_unused]] const volatile int used = std::uncaught_exceptions();  // volatile: or the call is left out
    (void)media::take_decoder_remarks();
    return true;
}

}  // namespace kf::engine
