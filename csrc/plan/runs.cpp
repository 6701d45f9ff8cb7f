#include "plan/runs.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace kf::plan {

using index::FrameIndex;
using index::PacketEntry;

namespace {

/// Finds the entry that a packet is decoded from (rule 1), in time that grows with the number of packets and not with its
/// square: a hostile file may have its entries in any order.
class EntryFinder {
public:
    explicit EntryFinder(const FrameIndex& index) : packets_(index.packets) {}

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
    std::int32_t next_ = 0;
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

}  // namespace

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
        if (!run.wanted.empty() && run.wanted.back() >= packet)
            continue;  // wanted already, as the second field of the one before
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

}  // namespace kf::plan
