// Holds the workers still while the process forks: none is inside libavcodec or writes pixels at that moment. Any thread.
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
    /// Called by who is inside, between packets: steps outside while a fork is under way.
    void checkpoint() {
        if (!closed_.load(std::memory_order_relaxed)) return;
        leave();
        enter();
    }
    /// Around fork: returns when nobody is inside.
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

    /// In the child: the workers that this gate held are not there.
    void inherit() noexcept { inherited_ = true; }
    [[nodiscard]] bool inherited() const noexcept { return inherited_; }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<bool> closed_ = false;
    int inside_ = 0;
    std::atomic<bool> inherited_ = false;
};

}  // namespace kf::engine
