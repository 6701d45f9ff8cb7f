// The thread-local data that decoding uses: the C++ runtime's, for exceptions, and that of FFmpeg's log. The system makes
// such data at its first use, and ends the process where there is no memory for it then. Any thread.
#pragma once

#include <pthread.h>

#include <array>
#include <cstdlib>
#include <exception>

#include "media/ffmpeg_log.hpp"

namespace kf::engine {

/// Remembers the threads that have their data. A thread_local variable cannot, because it is such data itself.
class ThreadsWithLocals {
public:
    [[nodiscard]] bool has_this_one() const noexcept { return usable_ && pthread_getspecific(key_) != nullptr; }
    void add_this_one() noexcept {
        if (usable_) (void)pthread_setspecific(key_, this);  // where that fails, the data are looked at again
    }

private:
    pthread_key_t key_{};
    bool usable_ = pthread_key_create(&key_, nullptr) == 0;
};

/// Makes the data of this thread; does nothing where it has them. False where there is no memory for them.
[[nodiscard]] inline bool make_thread_locals() noexcept {
    static ThreadsWithLocals threads;
    if (threads.has_this_one()) return true;
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
    threads.add_this_one();
    return true;
}

}  // namespace kf::engine
