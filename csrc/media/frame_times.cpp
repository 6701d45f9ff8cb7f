#include "media/frame_times.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace kf {
namespace {

using Times = std::vector<std::optional<std::int64_t>>;

/// Decode times, sorted: that of the n-th picture decoded is when the n-th one is shown.
Times decode_times(const FrameIndex& index, const PacketList& list) {
    Times times;
    for (const FrameEntry& frame : index.frames) times.push_back(list.dts[static_cast<std::size_t>(frame.packet)]);
    std::vector<std::int64_t> known;
    for (const auto& time : times) {
        if (time) known.push_back(*time);
    }
    std::sort(known.begin(), known.end());
    if (known.size() == times.size()) times.assign(known.begin(), known.end());
    return times;
}

/// Ticks from one frame to the next, where nothing else is known.
std::int64_t step_of(const FrameIndex& index, const Times& times) {
    const double ticks = index.time_base.value() * index.average_rate.value();
    if (ticks > 0) return std::max<std::int64_t>(1, std::llround(1.0 / ticks));
    std::vector<std::int64_t> steps;
    std::optional<std::size_t> before;
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (!times[i]) continue;
        if (before && *times[i] > *times[*before])
            steps.push_back((*times[i] - *times[*before]) / static_cast<std::int64_t>(i - *before));
        before = i;
    }
    if (steps.empty()) return 1;
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return *middle;
}

/// Unknown times lie evenly between known neighbours, or a step apart where there is one alone.
void fill_gaps(Times& times, std::int64_t step) {
    const auto size = static_cast<std::ptrdiff_t>(times.size());
    std::ptrdiff_t before = -1;
    for (std::ptrdiff_t at = 0; at <= size; ++at) {
        if (at < size && !times[static_cast<std::size_t>(at)]) continue;
        for (std::ptrdiff_t i = before + 1; i < at; ++i) {
            std::int64_t time = i * step;
            if (before >= 0 && at < size) {
                const std::int64_t from = *times[static_cast<std::size_t>(before)];
                const double share = static_cast<double>(i - before) / static_cast<double>(at - before);
                time = from + std::llround(share * static_cast<double>(*times[static_cast<std::size_t>(at)] - from));
            } else if (before >= 0) {
                time = *times[static_cast<std::size_t>(before)] + (i - before) * step;
            } else if (at < size) {
                time = *times[static_cast<std::size_t>(at)] - (at - i) * step;
            }
            times[static_cast<std::size_t>(i)] = time;
        }
        before = at;
    }
}

}  // namespace

void set_frame_times(FrameIndex& index, const PacketList& list) {
    Times times;
    for (const FrameEntry& frame : index.frames) times.push_back(list.pts[static_cast<std::size_t>(frame.packet)]);
    const bool any = std::any_of(times.begin(), times.end(), [](const auto& time) { return time.has_value(); });
    if (!any) times = decode_times(index, list);
    fill_gaps(times, step_of(index, times));
    std::sort(times.begin(), times.end());  // where the container contradicts the pictures' order
    for (std::size_t i = 0; i < times.size(); ++i) index.frames[i].pts = *times[i];
}

}  // namespace kf
