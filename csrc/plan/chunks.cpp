#include "plan/chunks.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kf::plan {

using index::FrameIndex;
using index::PacketEntry;

namespace {

constexpr std::int64_t max_gap = 64 * 1024;                 // reading so much in vain is cheaper than a second read
constexpr std::int64_t bytes_ahead = 128 * 1024;            // about two seconds of a Kinetics clip
constexpr std::int64_t max_chunk_bytes = 16 * 1024 * 1024;  // bounds memory, whatever the distance between entries

void lay_out(Chunk& chunk, std::vector<ByteRange>& direct) {
    std::int64_t gaps = 0;
    std::sort(direct.begin(), direct.end(), [](const ByteRange& a, const ByteRange& b) { return a.position < b.position; });
    for (const ByteRange& packet : direct) {
        if (!chunk.ranges.empty()) {
            ByteRange& range = chunk.ranges.back();
            const std::int64_t end = range.position + range.size;
            const std::int64_t gap = std::max<std::int64_t>(0, packet.position - end);
            if (gap <= max_gap && gaps + gap <= max_chunk_bytes) {
                gaps += gap;
                range.size = std::max(end, packet.position + packet.size) - range.position;
                continue;
            }
        }
        chunk.ranges.push_back(packet);
    }
    for (ByteRange& range : chunk.ranges) {
        range.place = chunk.bytes;
        chunk.bytes += range.size;
    }
}

}  // namespace

std::int64_t Chunk::place_of(const PacketEntry& packet) const noexcept {
    const auto after =
        std::upper_bound(ranges.begin(), ranges.end(), packet.position,
                         [](std::int64_t position, const ByteRange& range) { return position < range.position; });
    if (after == ranges.begin()) return -1;
    const ByteRange& range = *std::prev(after);
    if (packet.position + packet.size > range.position + range.size) return -1;
    return range.place + (packet.position - range.position);
}

std::vector<Chunk> plan_chunks(const FrameIndex& index, std::int32_t first, std::int32_t last) {
    std::vector<Chunk> chunks;
    std::int32_t ordinal = first;
    while (ordinal <= last) {
        Chunk chunk;
        chunk.first = ordinal;
        std::vector<ByteRange> direct;
        std::int64_t bytes = 0;
        for (; ordinal <= last; ++ordinal) {
            const PacketEntry& packet = index.packets[static_cast<std::size_t>(ordinal)];
            if (ordinal > chunk.first && bytes + packet.size > max_chunk_bytes) break;
            bytes += packet.size;
            chunk.last = ordinal;
            if (packet.direct) direct.push_back({packet.position, packet.size, 0});
        }
        lay_out(chunk, direct);
        chunks.push_back(std::move(chunk));
    }
    return chunks;
}

Chunk plan_chunk_ahead(const FrameIndex& index, std::int32_t first, std::int32_t needed, std::int32_t last) {
    std::int32_t end = std::max(first, needed);
    for (std::int64_t bytes = 0; end < last; ++end) {
        bytes += index.packets[static_cast<std::size_t>(end) + 1].size;
        if (bytes > bytes_ahead) break;
    }
    return plan_chunks(index, first, end).front();
}

}  // namespace kf::plan
