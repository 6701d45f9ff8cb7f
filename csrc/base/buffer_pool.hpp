// Recycled, aligned, uninitialised memory. A page that is new to the process costs more than the pixels that are written to
// it, so memory that a Buffer gives back is kept for the next one, up to a bound. A Buffer shares ownership of its pool, so
// an array may outlive everything else. Any thread; it never waits for anything but its own short lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace kf::base {

class BufferPool;

struct BlockDelete {
    void operator()(std::byte* data) const noexcept;
};
using Block = std::unique_ptr<std::byte, BlockDelete>;

class Buffer {
public:
    Buffer(std::shared_ptr<BufferPool> pool, Block block, std::size_t size, std::size_t capacity) noexcept;
    ~Buffer();
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;

    [[nodiscard]] std::uint8_t* data() noexcept { return reinterpret_cast<std::uint8_t*>(block_.get()); }
    [[nodiscard]] std::span<std::uint8_t> bytes() noexcept { return {data(), size_}; }

private:
    std::shared_ptr<BufferPool> pool_;
    Block block_;
    std::size_t size_;
    std::size_t capacity_;
};

class BufferPool : public std::enable_shared_from_this<BufferPool> {
public:
    explicit BufferPool(std::size_t max_idle_bytes) : max_idle_bytes_(max_idle_bytes) {}

    /// Throws std::bad_alloc.
    [[nodiscard]] std::shared_ptr<Buffer> acquire(std::size_t size);

    /// The engine holds it around fork, so that a child never inherits a locked pool.
    [[nodiscard]] std::mutex& mutex() noexcept { return mutex_; }

private:
    friend class Buffer;
    struct Idle {
        Block block;
        std::size_t capacity;
    };
    void give_back(Block block, std::size_t capacity) noexcept;

    std::mutex mutex_;
    std::vector<Idle> idle_;  // oldest first
    std::size_t idle_bytes_ = 0;
    const std::size_t max_idle_bytes_;
};

}  // namespace kf::base
