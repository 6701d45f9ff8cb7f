// FFmpeg's byte stream over a Source. Ranges may be marked as not needed: reads there cost no I/O and give zeros, so that a
// header's list of packets can be walked without fetching the packets. One owner, one thread at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "media/handles.hpp"
#include "media/source.hpp"

namespace kf::media {

class SourceIo {
public:
    /// Throws std::bad_alloc. The source must outlive this.
    explicit SourceIo(const Source& source);
    ~SourceIo();
    SourceIo(const SourceIo&) = delete;
    SourceIo& operator=(const SourceIo&) = delete;

    [[nodiscard]] AVIOContext* context() noexcept { return context_; }
    /// What the system said when a read failed; empty if none did.
    [[nodiscard]] const std::string& failure() const noexcept { return failure_; }

    struct Range {
        std::int64_t begin;
        std::int64_t end;
    };
    /// Any order, overlaps allowed.
    void skip(std::vector<Range> ranges);

private:
    static int read(void* opaque, std::uint8_t* into, int size) noexcept;
    static std::int64_t seek(void* opaque, std::int64_t offset, int whence) noexcept;
    [[nodiscard]] int read_some(std::span<std::uint8_t> into);

    const Source& source_;
    AVIOContext* context_ = nullptr;
    std::int64_t position_ = 0;
    std::vector<Range> skipped_;  // sorted, apart
    std::string failure_;
};

}  // namespace kf::media
