#include "base/allocations.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>

namespace kf::base {
namespace {

std::atomic<std::int64_t> failed = 0;

}  // namespace

std::int64_t failed_allocations() noexcept {
    return failed;
}

void note_failed_allocation() noexcept {
    ++failed;
}

}  // namespace kf::base

#ifdef KF_WRAPS_ALLOCATIONS
namespace {

void* noted(void* memory) noexcept {
    if (memory == nullptr) kf::base::note_failed_allocation();
    return memory;
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming): the linker's names
extern "C" {
void* __real_malloc(std::size_t size);
void* __real_calloc(std::size_t count, std::size_t size);
void* __real_realloc(void* memory, std::size_t size);
int __real_posix_memalign(void** memory, std::size_t alignment, std::size_t size);

void* __wrap_malloc(std::size_t size) {
    return noted(__real_malloc(size));
}
void* __wrap_calloc(std::size_t count, std::size_t size) {
    return noted(__real_calloc(count, size));
}
void* __wrap_realloc(void* memory, std::size_t size) {
    void* const moved = __real_realloc(memory, size);
    return size == 0 ? moved : noted(moved);
}
int __wrap_posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    const int error = __real_posix_memalign(memory, alignment, size);
    if (error == ENOMEM) kf::base::note_failed_allocation();
    return error;
}
}
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
#endif
