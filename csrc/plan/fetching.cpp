#include "plan/fetching.hpp"

#include <algorithm>
#include <iterator>

#include "plan/runs.hpp"

namespace kf::plan {

using index::FrameIndex;
using index::PacketEntry;

namespace {

constexpr std::int64_t max_gap_in_run = std::int64_t{1} << 20;  // takes less time than a second request
constexpr std::int64_t max_gap_between_runs = 64 * 1024;
constexpr std::int64_t head = 64 * 1024;  // what the demuxer reads at once
constexpr int places_before = 3;          // see packet_fetch.cpp: it begins two places earlier

void join(std::vector<ByteRange>& ranges, std::int64_t max_gap) {
    std::sort(ranges.begin(), ranges.end(), [](const ByteRange& a, const ByteRange& b) { return a.position < b.position; });
    std::vector<ByteRange> joined;
    for (const ByteRange& range : ranges) {
        if (joined.empty() || range.position > joined.back().position + joined.back().size + max_gap) {
            joined.push_back(range);
            continue;
        }
        ByteRange& last = joined.back();
        last.size = std::max(last.size, range.position + range.size - last.position);
    }
    ranges = std::move(joined);
}

/// The stretch in which the demuxer finds packets first to last: their places in the container are known, not their bytes.
ByteRange demuxed_stretch(const FrameIndex& index, std::int32_t first, std::int32_t last) {
    const auto place = [&index](std::int32_t ordinal) { return index.packets[static_cast<std::size_t>(ordinal)].position; };
    std::int64_t begin = place(first);
    int places = 0;
    for (std::int32_t ordinal = first - 1; ordinal >= 0 && places < places_before; --ordinal) {
        if (place(ordinal) == 0 || place(ordinal) >= begin) continue;
        begin = place(ordinal);
        ++places;
    }
    std::int64_t known = begin;
    for (std::int32_t ordinal = first; ordinal <= last; ++ordinal) known = std::max(known, place(ordinal));
    std::int64_t end = index.source_size;
    for (auto ordinal = static_cast<std::size_t>(last) + 1; ordinal < index.packets.size(); ++ordinal) {
        if (index.packets[ordinal].position <= known) continue;
        end = std::min(index.source_size, index.packets[ordinal].position + head);
        break;
    }
    return {begin, end - begin, 0};
}

std::vector<ByteRange> ranges_of(const FrameIndex& index, const Run& run) {
    std::vector<ByteRange> ranges;
    bool demuxed = false;
    for (const Chunk& chunk : plan_chunks(index, run.entry, run.last()))
        ranges.insert(ranges.end(), chunk.ranges.begin(), chunk.ranges.end());
    for (std::int32_t ordinal = run.entry; ordinal <= run.last(); ++ordinal)
        demuxed = demuxed || !index.packets[static_cast<std::size_t>(ordinal)].direct;
    if (demuxed) {
        ranges.push_back(demuxed_stretch(index, run.entry, run.last()));
        ranges.push_back({0, std::min(head, index.source_size), 0});
    }
    join(ranges, max_gap_in_run);
    return ranges;
}

}  // namespace

std::vector<ByteRange> ranges_to_fetch(const FrameIndex& index, std::span<const std::int64_t> frames) {
    std::vector<ByteRange> ranges;
    for (const Run& run : plan_runs(index, frames)) {
        const std::vector<ByteRange> of_run = ranges_of(index, run);
        ranges.insert(ranges.end(), of_run.begin(), of_run.end());
    }
    for (ByteRange& range : ranges) {  // a saved index may be of another file
        const std::int64_t begin = std::clamp<std::int64_t>(range.position, 0, index.source_size);
        range = {begin, std::clamp<std::int64_t>(range.position + range.size, begin, index.source_size) - begin, 0};
    }
    std::erase_if(ranges, [](const ByteRange& range) { return range.size == 0; });
    join(ranges, max_gap_between_runs);
    return ranges;
}

}  // namespace kf::plan
