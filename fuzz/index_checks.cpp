#include "index_checks.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "index/active_parameter_sets.hpp"
#include "index/index_format.hpp"
#include "plan/chunks.hpp"
#include "plan/runs.hpp"
#include "plan/sending.hpp"
#include "require.hpp"

namespace kf::fuzz {

using index::FrameIndex;

namespace {

void check_packing(const FrameIndex& index) {
    const std::vector<std::uint8_t> packed = index::pack(index);
    const auto again = unpacked(packed);
    require(again.has_value(), "a packed index unpacks");
    require(*again == index, "unpacking gives the index that was packed");
    require(index::pack(*again) == packed, "the same index packs to the same bytes");
}

void check_values(const FrameIndex& index) {
    require(std::isfinite(index.duration()) && std::isfinite(index.fps()), "durations are finite");
    const auto keyframes = index.keyframes();
    require(std::is_sorted(keyframes.begin(), keyframes.end()), "key frames ascend");
    if (index.frames.empty()) return;
    for (const double t :
         {index.seconds(index.frames.front().pts), index.seconds(index.frames.back().pts), 0.0, -1e300, 1e300}) {
        const auto frame = index.frame_at(t);
        require(!frame || (*frame >= 0 && *frame < index.frame_count()), "the frame at a time is a frame of the index");
    }
}

void check_plan(const FrameIndex& index) {
    std::vector<std::int64_t> all(index.frames.size());
    std::iota(all.begin(), all.end(), 0);
    std::vector<bool> wanted(index.packets.size());
    for (const plan::Run& run : plan::plan_runs(index, all)) {
        for (const std::int32_t ordinal : run.wanted) wanted[static_cast<std::size_t>(ordinal)] = true;
        require(run.entry <= run.wanted.front(), "a run begins no later than its first wanted packet");
        require(run.last() < static_cast<std::int32_t>(index.packets.size()), "a run ends within the stream");
        std::int32_t next = run.entry;
        for (const plan::Chunk& chunk : plan::plan_chunks(index, run.entry, run.last())) {
            require(chunk.first == next && chunk.last >= chunk.first, "chunks follow each other");
            for (const plan::ByteRange& range : chunk.ranges) {
                require(range.position >= 0 && range.size <= index.source_size - range.position, "reads stay in the source");
                require(range.place >= 0 && range.place + range.size <= chunk.bytes, "reads stay in their buffer");
            }
            for (std::int32_t ordinal = chunk.first; ordinal <= chunk.last; ++ordinal) {
                const index::PacketEntry& packet = index.packets[static_cast<std::size_t>(ordinal)];
                const std::int64_t place = packet.direct ? chunk.place_of(packet) : 0;
                require(!packet.direct || (place >= 0 && place + packet.size <= chunk.bytes), "a packet lies in its chunk");
                (void)index::parameter_sets_before(index, run.entry, ordinal);
                (void)plan::leads_entry(index, run.entry, ordinal);
            }
            next = chunk.last + 1;
        }
        require(next == run.last() + 1, "the last chunk ends where the run ends");
    }
    const auto has_run = [&wanted](const index::FrameEntry& frame) {
        return wanted[static_cast<std::size_t>(frame.packet)];
    };
    require(std::all_of(index.frames.begin(), index.frames.end(), has_run), "every frame belongs to a run");
}

}  // namespace

std::optional<FrameIndex> unpacked(std::span<const std::uint8_t> bytes) {
    try {
        return index::unpack(bytes);
    } catch (const base::Failure& failure) {
        require(failure.error().code == base::ErrorCode::corrupt, "a bad index is refused as corrupt");
        return {};
    }
}

void check_values_and_plans(const FrameIndex& index) {
    check_packing(index);
    check_values(index);
    check_plan(index);
}

}  // namespace kf::fuzz
