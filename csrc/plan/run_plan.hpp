// Wanted frames and an index in, runs out: where decoding begins, which bytes it needs, which packets it may leave out. Pure
// arithmetic on integers and bytes; any thread; never reads, never decodes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/frame_index.hpp"

namespace kf::plan {

/// A stretch of the source to read in one go; `place` is where it goes in the buffer of its chunk.
struct ByteRange {
    std::int64_t position = 0;
    std::int64_t size = 0;
    std::int64_t place = 0;
};

/// Packets [first, last] of a run and the bytes they need: what is in memory at once.
struct Chunk {
    std::int32_t first = 0;
    std::int32_t last = 0;
    std::int64_t bytes = 0;
    std::vector<ByteRange> ranges;  ///< ascending; empty where the packets are not direct
    [[nodiscard]] std::int64_t place_of(const index::PacketEntry& packet) const noexcept;  ///< -1 where no range holds it
};

/// A stretch of one video that is decoded in one go, from one entry. It ends with the last packet that is wanted.
struct Run {
    std::int32_t entry = 0;
    std::vector<std::int32_t> wanted;  ///< ordinals, ascending: of wanted pictures, whole; the last one ends the run
    [[nodiscard]] std::int32_t last() const noexcept { return wanted.back(); }
    [[nodiscard]] std::int64_t packets() const noexcept { return std::int64_t{last()} - entry + 1; }
    [[nodiscard]] bool wants(std::int32_t ordinal) const noexcept;
};

/// frames: frame numbers within the index, any order, repeats allowed.
[[nodiscard]] std::vector<Run> plan_runs(const index::FrameIndex& index, std::span<const std::int64_t> frames);

/// Of the packets [first, last].
[[nodiscard]] std::vector<Chunk> plan_chunks(const index::FrameIndex& index, std::int32_t first, std::int32_t last);

/// Second step, from the bytes: whether nothing refers to this packet's picture and nothing else in it matters.
[[nodiscard]] bool is_droppable(const index::FrameIndex& index, std::int32_t ordinal,
                                std::span<const std::uint8_t> bytes) noexcept;

/// The packet itself, or the one that holds the first field of its picture.
[[nodiscard]] std::int32_t first_of_picture(const index::FrameIndex& index, std::int32_t ordinal) noexcept;

/// Whether these can be the bytes that the index speaks of: false where they say that they are not, for a saved index may be
/// older than the file. Only H.264 says it in every packet by itself.
[[nodiscard]] bool is_as_indexed(const index::FrameIndex& index, std::int32_t ordinal,
                                 std::span<const std::uint8_t> bytes) noexcept;

/// Whether this packet's picture is shown before the run's entry and is decoded after it: it may refer to what the run never
/// had. Nothing comes before the first packet of all, so nothing leads it.
[[nodiscard]] bool leads_entry(const index::FrameIndex& index, const Run& run, std::int32_t ordinal) noexcept;

}  // namespace kf::plan
