#include "base/frame_index.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/codec.hpp"

namespace kf {

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
        if (frames[i].part == 0 && packets[static_cast<std::size_t>(frames[i].packet)].entry)
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

std::vector<std::uint8_t> parameter_sets_before(const FrameIndex& index, std::int32_t entry, std::int32_t ordinal) {
    std::map<std::pair<std::uint8_t, std::uint32_t>, const ParameterSet*>
        in_force;  // sequence sets sort before picture sets
    const bool nal_units = has_nal_units(codec_of(index.codec));
    const auto& sets = index.parameter_sets;
    const auto by_ordinal = [](const ParameterSet& set, std::int32_t number) { return set.ordinal < number; };
    const auto own = std::lower_bound(sets.begin(), sets.end(), ordinal, by_ordinal);
    for (auto set = ordinal == entry ? sets.begin() : own; set != sets.end() && set->ordinal <= ordinal; ++set) {
        if (set->ordinal < ordinal || set->outside) {
            in_force[{set->type, set->id}] = &*set;
        } else if (!nal_units) {  // MPEG-4 decoders take the first of several in a packet
            std::erase_if(in_force, [&](const auto& item) { return item.first.first == set->type; });
        }
    }
    std::vector<std::uint8_t> bytes;
    for (const auto& [key, set] : in_force) {
        const std::size_t size = set->nal.size();
        if (index.nal_length_size == 0) bytes.insert(bytes.end(), {0, 0, 1});
        for (int i = index.nal_length_size - 1; i >= 0; --i) bytes.push_back(static_cast<std::uint8_t>(size >> (8 * i)));
        bytes.insert(bytes.end(), set->nal.begin(), set->nal.end());
    }
    return bytes;
}

}  // namespace kf
