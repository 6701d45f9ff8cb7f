// Frame indices of files read lately. The key is what fstat says of the open descriptor, so a changed file has another key,
// and the choice of the stream.
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
#include "media/stream_choice.hpp"

namespace kf::engine {

/// What an index is of.
struct IndexKey {
    media::SourceIdentity source;
    std::int32_t stream = media::first_video_stream;  ///< a choice of stream_choice.hpp
    friend auto operator<=>(const IndexKey&, const IndexKey&) = default;
};

class IndexCache {
public:
    explicit IndexCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    /// nullptr where the cache does not hold it.
    [[nodiscard]] std::shared_ptr<const index::FrameIndex> find(const IndexKey& key);
    void insert(const IndexKey& key, const index::FrameIndex& index);

private:
    struct Entry {
        IndexKey key;
        std::pmr::vector<std::uint8_t> packed;
    };
    [[nodiscard]] static std::size_t bytes_of(const Entry& entry) noexcept;

    std::mutex mutex_;
    // Entries have memory of their own. Scattered over the heap between the short-lived memory of decoders, they would keep
    // the heap from shrinking.
    std::pmr::unsynchronized_pool_resource memory_;
    std::pmr::list<Entry> entries_{&memory_};  // most recently used first
    std::pmr::map<IndexKey, std::pmr::list<Entry>::iterator> places_{&memory_};
    std::size_t bytes_ = 0;
    const std::size_t max_bytes_;
};

}  // namespace kf::engine
