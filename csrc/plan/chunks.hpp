// From packets to bytes: which stretches of the source a run needs, and how many packets are in memory at once. Pure
// arithmetic on an index; any thread; never reads bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "index/frame_index.hpp"

namespace kf::plan {

/// A stretch of the source that is read in one go.
struct ByteRange {
    std::int64_t position = 0;  ///< in the source
    std::int64_t size = 0;
    std::int64_t place = 0;  ///< in the buffer of the chunk
};

/// Packets [first, last] of a run, which are in memory together, and the bytes of those that are direct.
struct Chunk {
    std::int32_t first = 0;
    std::int32_t last = 0;
    std::int64_t bytes = 0;         ///< size of the buffer that holds all ranges
    std::vector<ByteRange> ranges;  ///< ascending
    /// Where a direct packet's bytes begin in the buffer; -1 where no range holds them.
    [[nodiscard]] std::int64_t place_of(const index::PacketEntry& packet) const noexcept;
};

/// The packets [first, last], in chunks of limited size.
[[nodiscard]] std::vector<Chunk> plan_chunks(const index::FrameIndex& index, std::int32_t first, std::int32_t last);

/// One chunk that begins with the packet `first` and ends, if its size allows, behind `needed`: at `last`, or some bytes
/// before.
[[nodiscard]] Chunk plan_chunk_ahead(const index::FrameIndex& index, std::int32_t first, std::int32_t needed,
                                     std::int32_t last);

}  // namespace kf::plan
