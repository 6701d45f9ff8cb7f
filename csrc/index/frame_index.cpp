#include "index/frame_index.hpp"

#include <algorithm>

namespace kf::index {

double FrameIndex::seconds(std::int64_t pts) const noexcept {
    return static_cast<double>(pts) * static_cast<double>(time_base.num) / static_cast<double>(time_base.den);
}

double FrameIndex::duration() const noexcept {
    return frames.empty() ? 0.0 : seconds(frames.back().pts + last_duration) - seconds(frames.front().pts);
}

double FrameIndex::fps() const noexcept {
    if (average_rate.num > 0) return average_rate.value();
    const double length = duration();
    return length > 0 ? static_cast<double>(frames.size()) / length : 0.0;
}

std::int64_t FrameIndex::bit_rate() const noexcept {
    if (stated_bit_rate > 0) return stated_bit_rate;
    const double length = duration();
    return length > 0 ? static_cast<std::int64_t>(static_cast<double>(bytes()) * 8.0 / length) : 0;
}

Rational FrameIndex::shown_sample_aspect_ratio() const noexcept {
    const auto [num, den] = properties.sample_aspect_ratio;
    if (num <= 0 || den <= 0) return {1, 1};
    return orientation.turned() ? Rational{den, num} : Rational{num, den};
}

std::optional<std::int64_t> FrameIndex::frame_at(double t) const noexcept {
    if (frames.empty() || !(t >= seconds(frames.front().pts)) || !(t < seconds(frames.back().pts + last_duration)))
        return {};
    const auto after = std::upper_bound(frames.begin(), frames.end(), t,
                                        [this](double time, const FrameEntry& frame) { return time < seconds(frame.pts); });
    return after - frames.begin() - 1;
}

std::vector<std::int64_t> FrameIndex::keyframes() const {
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        if (frames[i].picture_in_packet == 0 && packets[static_cast<std::size_t>(frames[i].packet)].entry)
            numbers.push_back(static_cast<std::int64_t>(i));
    }
    return numbers;
}

std::optional<double> FrameIndex::droppable_share() const noexcept {
    std::size_t droppable = 0;
    for (const PacketEntry& packet : packets) {
        if (packet.droppable == Droppable::unknown) return {};
        droppable += packet.droppable == Droppable::yes;
    }
    return packets.empty() ? 0.0 : static_cast<double>(droppable) / static_cast<double>(packets.size());
}

double FrameIndex::keyframe_spacing() const {
    const std::size_t entries = std::max<std::size_t>(1, keyframes().size());
    return static_cast<double>(frames.size()) / static_cast<double>(entries);
}

std::int64_t FrameIndex::bytes() const noexcept {
    std::int64_t sum = 0;
    for (const PacketEntry& packet : packets) sum += packet.size;
    return sum;
}

}  // namespace kf::index
