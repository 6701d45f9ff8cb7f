#include "indexing/header_order.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace kf::indexing {
namespace {

/// Nothing compares as earlier than any time.
std::optional<std::int64_t> pts_of(const PacketNotes& notes) {
    return notes.has_pts ? std::optional(notes.pts) : std::nullopt;
}

bool pts_ascend(const std::vector<PacketNotes>& list) {
    return std::is_sorted(list.begin(), list.end(),
                          [](const PacketNotes& a, const PacketNotes& b) { return pts_of(a) < pts_of(b); });
}

/// Whether two decode times are one tick apart or less where most are further apart.
bool dts_crowd(const std::vector<PacketNotes>& list) {
    std::size_t steps = 0;
    std::size_t small_steps = 0;
    for (std::size_t i = 1; i < list.size(); ++i) {
        if (!list[i - 1].has_dts || !list[i].has_dts) continue;
        ++steps;
        small_steps += list[i].dts <= list[i - 1].dts + 1;
    }
    return small_steps > 0 && small_steps < steps / 2;
}

/// Whether every picture before the start of a sequence is shown before the sequence, and every other one after it.
bool sequences_in_line(const std::vector<PacketNotes>& list) {
    std::optional<std::int64_t> latest_before;  // of the pictures before the present sequence
    std::optional<std::int64_t> latest;
    for (const PacketNotes& notes : list) {
        if (notes.hidden) continue;
        if (notes.starts_sequence) latest_before = latest;
        if (latest_before && pts_of(notes) <= latest_before) return false;
        latest = std::max(latest, pts_of(notes));
    }
    return true;
}

}  // namespace

/// A program that copies a stream out of a container without presentation times may write the decode times in their place.
/// Then no picture seems to be reordered although the parameter sets allow it. Times may also cross an IDR picture, although
/// no picture is reordered across one. A program that joins videos may meet a decode time that is not later than the one
/// before; it makes that time one tick later, and the presentation time with it, so that pictures change places.
bool header_order_is_doubtful(const std::vector<PacketNotes>& list, bool may_reorder) {
    return (may_reorder && pts_ascend(list)) || dts_crowd(list) || !sequences_in_line(list);
}

}  // namespace kf::indexing
