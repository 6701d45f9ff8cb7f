#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <new>
#include <utility>

#include "base/buffer_pool.hpp"

using kf::base::Buffer;
using kf::base::BufferPool;

namespace {

constexpr std::size_t kib = 1024;

}  // namespace

TEST_CASE("memory is recycled for a buffer of nearly the same size") {
    const auto pool = std::make_shared<BufferPool>(1024 * kib);
    auto buffer = pool->acquire(100 * kib);
    const std::uint8_t* const data = buffer->data();
    CHECK(reinterpret_cast<std::uintptr_t>(data) % 64 == 0);
    buffer.reset();
    buffer = pool->acquire(90 * kib);
    CHECK(buffer->data() == data);
    CHECK(buffer->bytes().size() == 90 * kib);
    buffer.reset();
    CHECK(pool->acquire(40 * kib)->data() != data);
    CHECK(pool->acquire(101 * kib)->data() != data);
}

TEST_CASE("idle memory is bounded: the oldest goes first, and a block above the bound is never kept") {
    const auto pool = std::make_shared<BufferPool>(100 * kib);
    auto old = pool->acquire(60 * kib);
    auto young = pool->acquire(64 * kib);
    const std::uint8_t* const kept = young->data();
    old.reset();
    auto large = pool->acquire(200 * kib);  // takes memory before the old block is freed
    young.reset();                          // frees the old block
    large.reset();                          // is freed at once
    CHECK(pool->acquire(60 * kib)->data() == kept);
}

TEST_CASE("a buffer outlives the pool that it came from") {
    auto pool = std::make_shared<BufferPool>(1024 * kib);
    auto buffer = pool->acquire(1);
    pool.reset();
    buffer->data()[0] = 7;
    CHECK(buffer->data()[0] == 7);
}

TEST_CASE("a buffer of no bytes has an address, and one of too many is refused") {
    const auto pool = std::make_shared<BufferPool>(0);
    CHECK(pool->acquire(0)->data() != nullptr);
    CHECK_THROWS_AS((void)pool->acquire(std::numeric_limits<std::size_t>::max()), std::bad_alloc);
}
