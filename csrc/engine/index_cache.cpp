#include "engine/index_cache.hpp"

#include <utility>

namespace kf {
namespace {

std::size_t bytes_of(const FrameIndex& index) noexcept {
    return sizeof(FrameIndex) + index.packets.capacity() * sizeof(PacketEntry) +
           index.frames.capacity() * sizeof(FrameEntry) + index.extradata.capacity();
}

}  // namespace

std::shared_ptr<const FrameIndex> IndexCache::find(const SourceIdentity& identity) {
    const std::scoped_lock lock(mutex_);
    const auto place = places_.find(identity);
    if (place == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, place->second);
    return place->second->index;
}

void IndexCache::insert(const SourceIdentity& identity, std::shared_ptr<const FrameIndex> index) {
    const std::scoped_lock lock(mutex_);
    if (places_.contains(identity)) return;
    const std::size_t bytes = bytes_of(*index);
    if (bytes > max_bytes_) return;
    entries_.push_front({identity, std::move(index), bytes});
    places_.emplace(identity, entries_.begin());
    bytes_ += bytes;
    while (bytes_ > max_bytes_) {
        bytes_ -= entries_.back().bytes;
        places_.erase(entries_.back().identity);
        entries_.pop_back();
    }
}

}  // namespace kf
