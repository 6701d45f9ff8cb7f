// Keeps the workers out of libavcodec and away from pixels while the process forks. A forked child copies memory as it is,
// so a worker in the middle of a packet or holding a lock would leave that state behind for ever. Any thread; it never forks
// itself.
//
//   worker:             enter, then a task with a checkpoint between packets, then leave
//   forking thread:     close (waits until nobody is inside), fork, then in the parent open and in the child inherit
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace kf::engine {

class ForkGate {
public:
    void enter() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !closed_; });
        ++inside_;
    }
    void leave() noexcept {
        const std::scoped_lock lock(mutex_);
        --inside_;
        changed_.notify_all();
    }
    /// For a thread that is inside, between packets: waits outside while the gate is closed.
    void checkpoint() {
        if (!closed_.load(std::memory_order_relaxed)) return;
        leave();
        enter();
    }
    /// Lets nobody in any more, and returns when nobody is inside.
    void close() {
        std::unique_lock lock(mutex_);
        closed_ = true;
        changed_.wait(lock, [this] { return inside_ == 0; });
    }
    void open() noexcept {
        const std::scoped_lock lock(mutex_);
        closed_ = false;
        changed_.notify_all();
    }

    /// In the child, where the workers of this gate do not exist. The gate stays closed.
    void inherit() noexcept { inherited_ = true; }
    /// Whether this process is a fork of the process that made the gate.
    [[nodiscard]] bool inherited() const noexcept { return inherited_; }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<bool> closed_ = false;
    int inside_ = 0;
    std::atomic<bool> inherited_ = false;
};

}  // namespace kf::engine
