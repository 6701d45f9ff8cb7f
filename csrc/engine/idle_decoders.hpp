// Decoders that have decoded a run without any trouble, kept for the next run of an equal stream: to open a decoder and to
// make its memory takes several per cent of the time of a short run. Bounded in number and in bytes; the least recently used
// one goes first. Workers call it inside of the fork gate, and never between packets, so that a forked child does not find
// it locked. It never decodes.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>

#include "index/frame_index.hpp"
#include "media/decoder.hpp"

namespace kf::engine {

class IdleDecoders {
public:
    IdleDecoders(std::size_t most, std::int64_t most_bytes) : most_(most), most_bytes_(most_bytes) {}

    /// A decoder that is like a new one for this index; nullptr where there is none.
    [[nodiscard]] std::unique_ptr<media::Decoder> take(const index::FrameIndex& index) noexcept;
    /// Keeps a decoder that can begin again. It may close decoders.
    void give_back(std::unique_ptr<media::Decoder> decoder) noexcept;

    /// How many were taken so far.
    [[nodiscard]] std::int64_t taken() const noexcept { return taken_; }
    /// From now on at most so many are kept. For tests.
    void limit(std::size_t most) noexcept;

private:
    using Decoders = std::list<std::unique_ptr<media::Decoder>>;
    /// With the lock held: those that are too many.
    [[nodiscard]] Decoders take_excess() noexcept;

    std::mutex mutex_;
    Decoders decoders_;  // most recently used first
    std::size_t most_;
    const std::int64_t most_bytes_;
    std::atomic<std::int64_t> taken_ = 0;
};

}  // namespace kf::engine
