// Indices of files seen lately, keyed by what fstat says of the descriptor that is read: a changed file is another key.
// Bounded in bytes, the least recently used go first. Any thread.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>

#include "base/frame_index.hpp"
#include "media/source.hpp"

namespace kf {

class IndexCache {
public:
    explicit IndexCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    [[nodiscard]] std::shared_ptr<const FrameIndex> find(const SourceIdentity& identity);
    void insert(const SourceIdentity& identity, std::shared_ptr<const FrameIndex> index);

private:
    struct Entry {
        SourceIdentity identity;
        std::shared_ptr<const FrameIndex> index;
        std::size_t bytes;
    };
    std::mutex mutex_;
    std::list<Entry> entries_;  // most recently used first
    std::map<SourceIdentity, std::list<Entry>::iterator> places_;
    std::size_t bytes_ = 0;
    const std::size_t max_bytes_;
};

}  // namespace kf
