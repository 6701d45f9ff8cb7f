// How runs are made:
//   1. A wanted frame is decoded from the last entry that comes before it both in decode order and in presentation order,
//      for what an entry precedes in decode order but follows in presentation order (a leading picture) may refer to what
//      lies before the entry. Where there is no such entry, from the first packet.
//   2. Frames with the same entry are one run. What lies between two runs is never read.
//   3. A packet is sent unless nobody wants its picture and it is droppable or leads the entry.
#include "plan/run_plan.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "bitstream/h264_packet.hpp"

namespace kf::plan {

using index::Droppable;
using index::FrameIndex;
using index::PacketEntry;

namespace {

constexpr std::int64_t max_gap = 64 * 1024;                 // cheaper to read over than to ask twice
constexpr std::int64_t max_chunk_bytes = 16 * 1024 * 1024;  // in memory at once, whatever the distance between entries

/// The entries that packets are decoded from, whatever their order: an index may come from a file made to take long.
class EntryFinder {
public:
    explicit EntryFinder(const FrameIndex& index) : packets_(index.packets) {}

    /// Packets are asked for in ascending order.
    [[nodiscard]] std::int32_t entry_for(std::int32_t packet) {
        for (; next_ <= packet; ++next_) {
            if (!at(next_).entry) continue;
            while (!entries_.empty() && at(entries_.back()).order >= at(next_).order) entries_.pop_back();
            entries_.push_back(next_);
        }
        const auto after =
            std::upper_bound(entries_.begin(), entries_.end(), at(packet).order,
                             [this](std::int64_t order, std::int32_t entry) { return order < at(entry).order; });
        return after == entries_.begin() ? 0 : *std::prev(after);
    }

private:
    [[nodiscard]] const PacketEntry& at(std::int32_t ordinal) const { return packets_[static_cast<std::size_t>(ordinal)]; }

    const std::vector<PacketEntry>& packets_;
    std::int32_t next_ = 0;
    std::vector<std::int32_t> entries_;  // before next_, without those that a later one is both after and shown before
};

/// Of the frames, each once, ascending.
std::vector<std::int32_t> packets_of(const FrameIndex& index, std::span<const std::int64_t> frames) {
    std::vector<std::int32_t> packets;
    packets.reserve(frames.size());
    for (const std::int64_t number : frames) packets.push_back(index.frames[static_cast<std::size_t>(number)].packet);
    std::sort(packets.begin(), packets.end());
    packets.erase(std::unique(packets.begin(), packets.end()), packets.end());
    return packets;
}

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

bool Run::wants(std::int32_t ordinal) const noexcept {
    return std::binary_search(wanted.begin(), wanted.end(), ordinal);
}

std::vector<Run> plan_runs(const FrameIndex& index, std::span<const std::int64_t> frames) {
    EntryFinder finder(index);
    std::map<std::int32_t, Run> by_entry;
    for (const std::int32_t packet : packets_of(index, frames)) {
        const std::int32_t entry = finder.entry_for(packet);
        Run& run = by_entry[entry];
        run.entry = entry;
        if (!run.wanted.empty() && run.wanted.back() >= packet) continue;  // it continues the one before
        run.wanted.push_back(packet);
        for (std::size_t next = static_cast<std::size_t>(packet) + 1; next < index.packets.size(); ++next) {
            if (!index.packets[next].completes_previous) break;
            run.wanted.push_back(static_cast<std::int32_t>(next));
        }
    }
    std::vector<Run> runs;
    runs.reserve(by_entry.size());
    for (auto& [entry, run] : by_entry) runs.push_back(std::move(run));
    return runs;
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

bool is_droppable(const FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> bytes) noexcept {
    const Droppable known = index.packets[static_cast<std::size_t>(ordinal)].droppable;
    if (known != Droppable::unknown) return known == Droppable::yes;
    if (index.codec != "h264") return false;  // of the others every packet is read when they are indexed
    const auto set =
        std::lower_bound(index.parameter_sets.begin(), index.parameter_sets.end(), ordinal,
                         [](const index::ParameterSet& one, std::int32_t number) { return one.ordinal < number; });
    if (set != index.parameter_sets.end() && set->ordinal == ordinal) return false;
    return bitstream::read_h264_packet(bytes, index.nal_length_size).droppable();
}

std::int32_t first_of_picture(const FrameIndex& index, std::int32_t ordinal) noexcept {
    while (ordinal > 0 && index.packets[static_cast<std::size_t>(ordinal)].completes_previous) --ordinal;
    return ordinal;
}

bool is_as_indexed(const FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> bytes) noexcept {
    const PacketEntry& packet = index.packets[static_cast<std::size_t>(ordinal)];
    if (index.codec != "h264") return true;
    const bitstream::H264Packet seen = bitstream::read_h264_packet(bytes, index.nal_length_size);
    const bool begins = seen.entry() || seen.idr_first;  // the first of two fields may be IDR alone
    return (!packet.entry || begins) && (packet.droppable != Droppable::yes || seen.droppable());
}

bool leads_entry(const FrameIndex& index, const Run& run, std::int32_t ordinal) noexcept {
    const PacketEntry& entry = index.packets[static_cast<std::size_t>(run.entry)];
    return run.entry > 0 && entry.entry && index.packets[static_cast<std::size_t>(ordinal)].order < entry.order;
}

}  // namespace kf::plan
