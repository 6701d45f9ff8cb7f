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

bool about_equal(std::int64_t a, std::int64_t b) noexcept {
    constexpr std::int64_t rounding = 1;  // tick
    return a <= b + rounding && b <= a + rounding;
}

/// Whether the presentation times in their order are the decode times again: later by one constant, or by a number of
/// pictures.
bool decode_times_agree(const std::vector<PacketNotes>& list) {
    constexpr std::size_t most_delay = 16;  // pictures
    std::vector<std::int64_t> shown;
    shown.reserve(list.size());
    for (const PacketNotes& notes : list) {
        if (!notes.has_pts || !notes.has_dts) return true;  // nothing to compare
        shown.push_back(notes.pts);
    }
    std::sort(shown.begin(), shown.end());
    const auto later_by = [&](std::size_t pictures, std::int64_t ticks) {
        for (std::size_t i = pictures; i < list.size(); ++i) {
            if (!about_equal(list[i].dts + ticks, shown[i - pictures])) return false;
        }
        return true;
    };
    if (list.empty() || later_by(0, shown.front() - list.front().dts)) return true;
    for (std::size_t pictures = 0; pictures <= most_delay && 2 * pictures < list.size(); ++pictures) {
        if (later_by(pictures, 0)) return true;
    }
    return false;
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
/// no picture is reordered across one. Encoders make decode times out of presentation times.
/// Where both do not agree, a program made some of them up: it joined videos whose times overlap, or copied a stream out of
/// a container without times for every picture.
bool header_order_is_doubtful(const std::vector<PacketNotes>& list, bool may_reorder) {
    return (may_reorder && pts_ascend(list)) || !decode_times_agree(list) || !sequences_in_line(list);
}

}  // namespace kf::indexing
