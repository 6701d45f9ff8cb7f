#include "indexing/frame_times.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace kf::indexing {

using index::FrameIndex;

namespace {

constexpr std::int64_t longest_step = std::int64_t{1} << 36;  // ticks: times most_frames it is still less than latest_time

using Times = std::vector<std::optional<std::int64_t>>;

struct KnownTime {
    std::int64_t frame = 0;
    std::int64_t time = 0;
};

std::vector<KnownTime> known_times(const Times& times) {
    std::vector<KnownTime> known;
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (const auto& time = times[i]) known.push_back({static_cast<std::int64_t>(i), *time});
    }
    return known;
}

/// Ticks from one frame to the next where nothing else is known: by the container's rate, else by the headers' rate, else
/// the median of the steps between known times.
std::int64_t step_of(const FrameIndex& index, index::Rational rate, const std::vector<KnownTime>& known) {
    const double ticks = index.time_base.value() * (index.average_rate.num > 0 ? index.average_rate : rate).value();
    if (ticks > 0) return std::max<std::int64_t>(1, std::llround(1.0 / ticks));
    std::vector<std::int64_t> steps;
    for (std::size_t i = 1; i < known.size(); ++i) {
        const std::int64_t length = known[i].time - known[i - 1].time;
        if (length > 0) steps.push_back(length / (known[i].frame - known[i - 1].frame));
    }
    if (steps.empty()) return 1;
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return *middle;
}

/// Unknown times lie evenly between the known times around them. Before the first known time and after the last they are a
/// step apart.
std::vector<std::int64_t> without_gaps(const std::vector<KnownTime>& known, std::int64_t count, std::int64_t step) {
    std::vector<std::int64_t> times;
    std::size_t next = 0;  // the first known time at or after this frame
    for (std::int64_t frame = 0; frame < count; ++frame) {
        if (next < known.size() && known[next].frame < frame) ++next;
        if (known.empty()) {
            times.push_back(frame * step);
        } else if (next == known.size()) {
            times.push_back(known.back().time + (frame - known.back().frame) * step);
        } else if (next == 0 || known[next].frame == frame) {
            times.push_back(known[next].time - (known[next].frame - frame) * step);
        } else {
            const KnownTime& a = known[next - 1];
            const KnownTime& b = known[next];
            const double share = static_cast<double>(frame - a.frame) / static_cast<double>(b.frame - a.frame);
            times.push_back(a.time + std::llround(share * static_cast<double>(b.time - a.time)));
        }
    }
    return times;
}

std::vector<std::int64_t> filled(const FrameIndex& index, index::Rational rate, const Times& times) {
    const std::vector<KnownTime> known = known_times(times);
    const std::int64_t step = std::min(step_of(index, rate, known), longest_step);
    std::vector<std::int64_t> all = without_gaps(known, static_cast<std::int64_t>(times.size()), step);
    for (std::int64_t& time : all) time = std::clamp(time, -index::latest_time, index::latest_time);
    return all;
}

/// The decode times of the packets, in the order of their frames. Sorted, they are times of presentation: the n-th frame is
/// shown at the n-th decode time.
Times decode_times(const FrameIndex& index, const PacketList& list) {
    Times dts;
    for (const PacketNotes& notes : list.notes) dts.push_back(notes.has_dts ? std::optional(notes.dts) : std::nullopt);
    const std::vector<std::int64_t> all = filled(index, list.rate, dts);
    Times times;
    for (const index::FrameEntry& frame : index.frames) times.emplace_back(all[static_cast<std::size_t>(frame.packet)]);
    return times;
}

}  // namespace

void set_frame_times(FrameIndex& index, const PacketList& list) {
    Times times;
    bool any_pts = false;
    for (const index::FrameEntry& frame : index.frames) {
        const PacketNotes& notes = list.notes[static_cast<std::size_t>(frame.packet)];
        times.push_back(notes.has_pts ? std::optional(notes.pts) : std::nullopt);
        any_pts = any_pts || notes.has_pts;
    }
    if (!any_pts) times = decode_times(index, list);
    std::vector<std::int64_t> all = filled(index, list.rate, times);
    // The container may contradict the order of pictures, and decode times have another order.
    std::sort(all.begin(), all.end());
    for (std::size_t i = 0; i < all.size(); ++i) index.frames[i].pts = all[i];
}

}  // namespace kf::indexing
