#include "hanging_reads.hpp"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <fstream>
#include <mutex>

namespace kf::fuzz {
namespace {

std::atomic<ino_t> hanging_inode = 0;
std::mutex mutex;
std::condition_variable released;
unsigned releases = 0;

bool hangs(int file) {
    struct stat status{};
    return ::fstat(file, &status) == 0 && status.st_ino == hanging_inode;
}

void wait_for_release() {
    std::unique_lock lock(mutex);
    released.wait(lock, [before = releases] { return releases != before; });
}

}  // namespace

void hang_reads_of(const std::filesystem::path& path) {
    std::ofstream(path) << "a video, perhaps";
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0) hanging_inode = status.st_ino;
}

void release_hanging_reads() {
    const std::scoped_lock lock(mutex);
    ++releases;
    released.notify_all();
}

}  // namespace kf::fuzz

// Replaces the C library's pread in this program.
extern "C" __attribute__((visibility("default"))) ssize_t pread(int file, void* into, size_t size, off_t offset) {
    if (kf::fuzz::hangs(file)) {
        kf::fuzz::wait_for_release();
        errno = EIO;
        return -1;
    }
    using Pread = ssize_t (*)(int, void*, size_t, off_t);
    static const auto next = reinterpret_cast<Pread>(::dlsym(RTLD_NEXT, "pread"));
    return next(file, into, size, offset);
}
