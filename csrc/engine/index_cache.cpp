#include "engine/index_cache.hpp"

#include "index/index_format.hpp"

namespace kf::engine {

using index::FrameIndex;

std::size_t IndexCache::bytes_of(const Entry& entry) noexcept {
    return entry.packed.size() + sizeof(Entry) + sizeof(IndexKey);
}

std::shared_ptr<const FrameIndex> IndexCache::find(const IndexKey& key) {
    std::vector<std::uint8_t> packed;
    {
        const std::scoped_lock lock(mutex_);
        const auto place = places_.find(key);
        if (place == places_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, place->second);
        packed.assign(place->second->packed.begin(), place->second->packed.end());
    }
    return std::make_shared<const FrameIndex>(index::unpack(packed));
}

void IndexCache::insert(const IndexKey& key, const FrameIndex& index) {
    const std::vector<std::uint8_t> packed = index::pack(index);
    const std::scoped_lock lock(mutex_);
    if (places_.contains(key)) return;
    entries_.push_front({key, {packed.begin(), packed.end(), &memory_}});
    try {
        places_.emplace(key, entries_.begin());
    } catch (...) {  // no memory: an entry without a place would stay for ever
        entries_.pop_front();
        throw;
    }
    bytes_ += bytes_of(entries_.front());
    while (bytes_ > max_bytes_) {
        bytes_ -= bytes_of(entries_.back());
        places_.erase(entries_.back().key);
        entries_.pop_back();
    }
}

}  // namespace kf::engine
