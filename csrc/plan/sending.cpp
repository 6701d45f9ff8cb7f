#include "plan/sending.hpp"

#include <algorithm>

#include "bitstream/h264_packet.hpp"

namespace kf::plan {

using index::Droppable;
using index::FrameIndex;
using index::PacketEntry;

bool is_droppable(const FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> bytes) noexcept {
    const PacketEntry& packet = index.packets[static_cast<std::size_t>(ordinal)];
    if (packet.truncated) return false;
    const Droppable known = packet.droppable;
    if (known != Droppable::unknown) return known == Droppable::yes;
    if (index.codec != "h264") return false;  // indexing reads every packet of other codecs
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

std::int32_t last_of_picture(const FrameIndex& index, std::int32_t ordinal) noexcept {
    auto next = static_cast<std::size_t>(ordinal) + 1;
    while (next < index.packets.size() && index.packets[next].completes_previous) ++next;
    return static_cast<std::int32_t>(next) - 1;
}

bool is_as_indexed(const FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> bytes) noexcept {
    const PacketEntry& packet = index.packets[static_cast<std::size_t>(ordinal)];
    if (index.codec != "h264") return true;
    const bitstream::H264Packet seen = bitstream::read_h264_packet(bytes, index.nal_length_size);
    const bool begins = seen.entry() || seen.idr_first;  // the second field of an IDR picture may be a P field
    return (!packet.entry || begins) && (packet.droppable != Droppable::yes || seen.droppable());
}

bool leads_entry(const FrameIndex& index, std::int32_t entry, std::int32_t ordinal) noexcept {
    const PacketEntry& first = index.packets[static_cast<std::size_t>(entry)];
    return entry > 0 && first.entry && index.packets[static_cast<std::size_t>(ordinal)].order < first.order;
}

}  // namespace kf::plan
