// The bytes of the packets of one chunk of a run: those of direct packets in one pooled buffer, those of other packets as
// the demuxer gives them. One owner, one thread at a time; it never decodes.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/buffer_pool.hpp"
#include "engine/decode_request.hpp"
#include "media/source.hpp"
#include "plan/chunks.hpp"

namespace kf::engine {

class RunBytes {
public:
    explicit RunBytes(const index::FrameIndex& index) noexcept : index_(index) {}

    /// Reads a chunk in place of the last one. Throws Failure; then it holds nothing.
    void read(const media::Source& source, plan::Chunk chunk, base::BufferPool& buffers, DecodeStats& stats);
    void clear() noexcept;

    [[nodiscard]] bool holds(std::int32_t ordinal) const noexcept {
        return buffer_ != nullptr && ordinal >= chunk_.first && ordinal <= chunk_.last;
    }
    /// The bytes of a packet that it holds.
    [[nodiscard]] std::span<const std::uint8_t> of(std::int32_t ordinal) const noexcept;
    /// Memory that the bytes take.
    [[nodiscard]] std::int64_t size() const noexcept;

private:
    void read_demuxed(const media::Source& source);

    const index::FrameIndex& index_;
    plan::Chunk chunk_;
    std::shared_ptr<base::Buffer> buffer_;            // of the direct packets
    std::vector<std::vector<std::uint8_t>> demuxed_;  // of the other packets, by ordinal - chunk_.first
};

}  // namespace kf::engine
