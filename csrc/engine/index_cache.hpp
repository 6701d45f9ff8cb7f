// Frame indices of files read lately. The key is what fstat says of the open descriptor, so a changed file has another key.
// Indices are kept packed, which takes a seventh of their size. Bounded in bytes; the least recently used index goes first.
// Any thread; it never reads a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <vector>

#include "index/frame_index.hpp"
#include "media/source.hpp"

namespace kf::engine {

class IndexCache {
public:
    explicit IndexCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    /// nullptr where the cache does not hold it.
    [[nodiscard]] std::shared_ptr<const index::FrameIndex> find(const media::SourceIdentity& identity);
    void insert(const media::SourceIdentity& identity, const index::FrameIndex& index);

private:
    struct Entry {
        media::SourceIdentity identity;
        std::pmr::vector<std::uint8_t> packed;
    };
    [[nodiscard]] static std::size_t bytes_of(const Entry& entry) noexcept;

    std::mutex mutex_;
    // Entries have memory of their own. Scattered over the heap between the short-lived memory of decoders, they would keep
    // the heap from shrinking.
    std::pmr::unsynchronized_pool_resource memory_;
    std::pmr::list<Entry> entries_{&memory_};  // most recently used first
    std::pmr::map<media::SourceIdentity, std::pmr::list<Entry>::iterator> places_{&memory_};
    std::size_t bytes_ = 0;
    const std::size_t max_bytes_;
};

}  // namespace kf::engine
