#include "plan/runs.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kf::plan {

using index::FrameIndex;
using index::PacketEntry;

namespace {

/// Finds the entry that a packet is decoded from (rule 1), in time that grows with the number of packets and not with its
/// square: a hostile file may have its entries in any order.
class EntryFinder {
public:
    /// first: no entry in front of this packet will be asked for.
    EntryFinder(const FrameIndex& index, std::int32_t first) : packets_(index.packets), next_(first) {}

    /// Call it with ascending packets.
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
    std::int32_t next_;
    // Those before next_, but for entries that a later one is shown before: ascending in decode order and in presentation
    // order.
    std::vector<std::int32_t> entries_;
};

/// The packets of the frames, each once, ascending.
std::vector<std::int32_t> packets_of(const FrameIndex& index, std::span<const std::int64_t> frames) {
    std::vector<std::int32_t> packets;
    packets.reserve(frames.size());
    for (const std::int64_t number : frames) packets.push_back(index.frames[static_cast<std::size_t>(number)].packet);
    std::sort(packets.begin(), packets.end());
    packets.erase(std::unique(packets.begin(), packets.end()), packets.end());
    return packets;
}

/// An entry that every one of these packets can be decoded from; 0 where there is none. It bounds the search: the length of
/// the video in front of it costs nothing.
std::int32_t entry_for_all(const FrameIndex& index, std::span<const std::int32_t> packets) {
    std::int64_t first_shown = INT64_MAX;
    for (const std::int32_t packet : packets)
        first_shown = std::min(first_shown, index.packets[static_cast<std::size_t>(packet)].order);
    for (std::int32_t ordinal = packets.empty() ? 0 : packets.front(); ordinal > 0; --ordinal) {
        const PacketEntry& packet = index.packets[static_cast<std::size_t>(ordinal)];
        if (packet.entry && packet.order <= first_shown) return ordinal;
    }
    return 0;
}

}  // namespace

bool Run::wants(std::int32_t ordinal) const noexcept {
    return std::binary_search(wanted.begin(), wanted.end(), ordinal);
}

std::vector<Run> plan_runs(const FrameIndex& index, std::span<const std::int64_t> frames) {
    const std::vector<std::int32_t> packets = packets_of(index, frames);
    EntryFinder finder(index, entry_for_all(index, packets));
    std::vector<std::pair<std::int32_t, std::int32_t>> by_entry;  // entries and their packets, both ascending
    by_entry.reserve(packets.size());
    for (const std::int32_t packet : packets) by_entry.emplace_back(finder.entry_for(packet), packet);
    std::sort(by_entry.begin(), by_entry.end());
    std::vector<Run> runs;
    for (const auto& [entry, packet] : by_entry) {
        if (runs.empty() || runs.back().entry != entry) runs.push_back({entry, {}});
        Run& run = runs.back();
        if (!run.wanted.empty() && run.wanted.back() >= packet)
            continue;  // wanted already, as the second field of the one before
        run.wanted.push_back(packet);
        for (std::size_t next = static_cast<std::size_t>(packet) + 1; next < index.packets.size(); ++next) {
            if (!index.packets[next].completes_previous) break;
            run.wanted.push_back(static_cast<std::int32_t>(next));
        }
    }
    return runs;
}

std::int32_t end_of_run(const FrameIndex& index, std::int32_t entry) noexcept {
    const std::int64_t begin = entry == 0 ? INT64_MIN : index.packets[static_cast<std::size_t>(entry)].order;
    std::int64_t next_run = INT64_MAX;  // the first picture in presentation order that a later entry serves
    std::int32_t end = entry;
    int later_entries = 0;
    for (auto ordinal = static_cast<std::size_t>(entry) + 1; ordinal < index.packets.size(); ++ordinal) {
        const PacketEntry& packet = index.packets[ordinal];
        if (packet.entry && ++later_entries == 2) break;
        if (packet.entry) next_run = packet.order;
        const bool decoded_from_here = packet.completes_previous ? end + 1 == static_cast<std::int32_t>(ordinal)
                                                                 : packet.order >= begin && packet.order < next_run;
        if (decoded_from_here) end = static_cast<std::int32_t>(ordinal);
    }
    return end;
}

}  // namespace kf::plan
