#include "media/source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/allocations.hpp"
#include "base/error.hpp"
#include "media/pieces.hpp"

namespace kf::media {

using base::ErrorCode;
using base::Failure;
using base::Stage;

namespace {

[[noreturn]] void refuse(Stage stage, const std::string& what, int system_error = 0) {
    // A failed read may reach the caller as an error of FFmpeg only.
    if (system_error == ENOMEM) base::note_failed_allocation();
    throw Failure(base::is_scarcity(system_error) ? ErrorCode::resources : ErrorCode::open, stage, what,
                  system_error ? std::generic_category().message(system_error) : std::string());
}

class Descriptor {
public:
    explicit Descriptor(int value) noexcept : value_(value) {}
    ~Descriptor() {
        if (value_ >= 0) ::close(value_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const noexcept { return value_; }

private:
    int value_;
};

std::int64_t nanoseconds(const struct timespec& time) noexcept {
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

class FileSource final : public Source {
public:
    // O_NONBLOCK: opening a FIFO that has no writer would block for ever. For a regular file the flag changes nothing.
    explicit FileSource(const SourceSpec& spec)
        : file_(::open(spec.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
        if (file_.get() < 0) refuse(Stage::open, "the file cannot be opened", errno);
        struct stat status{};
        if (::fstat(file_.get(), &status) != 0) refuse(Stage::open, "the file cannot be examined", errno);
        if (S_ISDIR(status.st_mode)) refuse(Stage::open, "this is a directory; give a video file", EISDIR);
        if (!S_ISREG(status.st_mode))
            refuse(Stage::open, "this is not a regular file; only regular files and memory can be read");
        const std::int64_t file_size = status.st_size;
        if (spec.offset < 0 || spec.offset > file_size) refuse(Stage::open, "the range begins outside the file");
        const std::int64_t size = spec.size < 0 ? file_size - spec.offset : spec.size;
        if (size > file_size - spec.offset) refuse(Stage::open, "the range ends outside the file");
        identity_ = {static_cast<std::uint64_t>(status.st_dev),
                     static_cast<std::uint64_t>(status.st_ino),
                     file_size,
#ifdef __APPLE__
                     nanoseconds(status.st_mtimespec),
                     nanoseconds(status.st_ctimespec),
#else
                     nanoseconds(status.st_mtim),
                     nanoseconds(status.st_ctim),
#endif
                     spec.offset,
                     size};
    }

    [[nodiscard]] std::int64_t size() const noexcept override { return identity_.size; }

    [[nodiscard]] std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override {
        if (offset < 0 || offset >= identity_.size) return 0;
        const auto wanted = std::min(into.size(), static_cast<std::size_t>(identity_.size - offset));
        std::size_t done = 0;
        while (done < wanted) {
            const auto at = static_cast<off_t>(identity_.offset + offset) + static_cast<off_t>(done);
            const ssize_t got = ::pread(file_.get(), into.data() + done, wanted - done, at);
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) refuse(Stage::read, "the file cannot be read", errno);
            if (got == 0) break;  // the file has been truncated since it was opened
            done += static_cast<std::size_t>(got);
        }
        return done;
    }

    void advise(std::int64_t offset, std::int64_t size) const noexcept override {
#ifdef POSIX_FADV_WILLNEED
        (void)::posix_fadvise(file_.get(), static_cast<off_t>(identity_.offset + offset), static_cast<off_t>(size),
                              POSIX_FADV_WILLNEED);
#else
        (void)offset, (void)size;
#endif
    }

    [[nodiscard]] const SourceIdentity* identity() const noexcept override { return &identity_; }

private:
    Descriptor file_;
    SourceIdentity identity_;
};

class MemorySource final : public Source {
public:
    explicit MemorySource(std::shared_ptr<const base::Bytes> bytes) : bytes_(std::move(bytes)) {}

    [[nodiscard]] std::int64_t size() const noexcept override { return static_cast<std::int64_t>(bytes_->size()); }

    [[nodiscard]] std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override {
        if (offset < 0 || offset >= size()) return 0;
        const auto count = std::min(into.size(), static_cast<std::size_t>(size() - offset));
        std::memcpy(into.data(), bytes_->data() + offset, count);
        return count;
    }

    void advise(std::int64_t, std::int64_t) const noexcept override {}
    [[nodiscard]] const SourceIdentity* identity() const noexcept override { return nullptr; }

private:
    std::shared_ptr<const base::Bytes> bytes_;
};

}  // namespace

std::string SourceSpec::name() const {
    if (pieces) return pieces->name();
    if (bytes) return "<" + std::to_string(bytes->size()) + " bytes in memory>";
    if (offset == 0 && size < 0) return path;
    return path + "[" + std::to_string(offset) + ":" + (size < 0 ? std::string() : std::to_string(offset + size)) + "]";
}

std::shared_ptr<const base::Bytes> in_memory(std::vector<std::uint8_t> bytes) {
    struct Memory {
        std::vector<std::uint8_t> bytes;
        base::Bytes view;
    };
    const auto memory = std::make_shared<Memory>(Memory{std::move(bytes), {}});
    memory->view = memory->bytes;
    return {memory, &memory->view};
}

std::unique_ptr<Source> open_source(const SourceSpec& spec) {
    if (spec.pieces) return open_pieces(spec.pieces);
    if (spec.bytes) return std::make_unique<MemorySource>(spec.bytes);
    return std::make_unique<FileSource>(spec);
}

}  // namespace kf::media
