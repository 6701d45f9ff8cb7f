// FFmpeg's byte stream (AVIOContext) over a Source. Ranges may be marked as not needed: reads there cost no I/O and give
// zeros, so that libavformat walks a header's list of packets without reading the packets. Owns the AVIOContext and its
// buffer. One owner, one thread at a time; blocks on the source's reads. No exception leaves its callbacks.
#pragma once

#include <cstdint>
#include <vector>

#include "media/handles.hpp"
#include "media/source.hpp"

namespace kf::media {

class SourceIo {
public:
    /// The source must outlive this object. Throws std::bad_alloc.
    explicit SourceIo(const Source& source);
    ~SourceIo();
    SourceIo(const SourceIo&) = delete;
    SourceIo& operator=(const SourceIo&) = delete;

    [[nodiscard]] AVIOContext* context() noexcept { return context_; }
    /// Why a read failed; empty while none has.
    [[nodiscard]] const std::string& failure() const noexcept { return failure_; }

    struct Range {
        std::int64_t begin;
        std::int64_t end;
    };
    /// Replaces the ranges that are not read. They may come in any order and overlap.
    void skip(std::vector<Range> ranges);

private:
    static int read(void* opaque, std::uint8_t* into, int size) noexcept;
    static std::int64_t seek(void* opaque, std::int64_t offset, int whence) noexcept;
    [[nodiscard]] int read_some(std::span<std::uint8_t> into);

    const Source& source_;
    AVIOContext* context_ = nullptr;
    std::int64_t position_ = 0;
    std::vector<Range> skipped_;  // ascending, none touching the next
    std::string failure_;
};

}  // namespace kf::media
