// What the tests of thread pools share: groups, and a task that keeps its thread until it is let go.
#pragma once

#include <future>
#include <memory>
#include <thread>

#include "engine/thread_pool.hpp"

namespace kf::tests {

inline std::shared_ptr<engine::TaskGroup> group_of(engine::ThreadPool& pool, int limit) {
    return pool.make_group(std::make_shared<engine::TaskLimit>(limit));
}

class Blocker {
public:
    [[nodiscard]] engine::ThreadPool::Task task() {
        return [began = began_, end = end_.get_future().share()] {
            began->set_value(std::this_thread::get_id());
            end.wait();
        };
    }
    /// The thread of the task, once it has begun.
    std::thread::id wait() { return began_->get_future().get(); }
    void let_go() { end_.set_value(); }

private:
    std::shared_ptr<std::promise<std::thread::id>> began_ = std::make_shared<std::promise<std::thread::id>>();
    std::promise<void> end_;
};

/// Returns when a thread of the pool is at the blocker's task.
inline void block(engine::ThreadPool& pool, const std::shared_ptr<engine::TaskGroup>& group, Blocker& blocker) {
    pool.submit(group, 0, blocker.task());
    blocker.wait();
}

}  // namespace kf::tests
