#include "base/buffer_pool.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

namespace kf::base {
namespace {

constexpr std::align_val_t alignment{64};
constexpr std::size_t page = 4096;

}  // namespace

void BlockDelete::operator()(std::byte* data) const noexcept {
    ::operator delete(data, alignment);
}

Buffer::Buffer(std::shared_ptr<BufferPool> pool, Block block, std::size_t size, std::size_t capacity) noexcept
    : pool_(std::move(pool)), block_(std::move(block)), size_(size), capacity_(capacity) {}

Buffer::~Buffer() {
    pool_->give_back(std::move(block_), capacity_);
}

std::shared_ptr<Buffer> BufferPool::acquire(std::size_t size) {
    if (size > std::numeric_limits<std::size_t>::max() - page) throw std::bad_alloc();
    const std::size_t wanted = std::max(page, (size + page - 1) / page * page);
    Idle block{nullptr, wanted};
    {
        const std::scoped_lock lock(mutex_);
        // A block of nearly the same size will do. A much larger block would waste memory for as long as the buffer lives.
        const auto fits = [&](const Idle& idle) { return idle.capacity >= wanted && idle.capacity <= wanted + wanted / 4; };
        const auto newest = std::find_if(idle_.rbegin(), idle_.rend(), fits);
        if (newest != idle_.rend()) {
            block = std::move(*newest);
            idle_bytes_ -= block.capacity;
            idle_.erase(std::next(newest).base());
        }
    }
    if (!block.block) block.block.reset(static_cast<std::byte*>(::operator new(wanted, alignment)));
    return std::make_shared<Buffer>(shared_from_this(), std::move(block.block), size, block.capacity);
}

void BufferPool::give_back(Block block, std::size_t capacity) noexcept {
    if (capacity > max_idle_bytes_) return;
    const std::scoped_lock lock(mutex_);
    try {
        idle_.push_back({std::move(block), capacity});
    } catch (...) {
        return;  // there is no memory to keep the block in the list: it is freed
    }
    idle_bytes_ += capacity;
    while (idle_bytes_ > max_idle_bytes_) {
        idle_bytes_ -= idle_.front().capacity;
        idle_.erase(idle_.begin());
    }
}

}  // namespace kf::base
