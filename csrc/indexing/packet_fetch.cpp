#include "indexing/packet_fetch.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "media/demuxer.hpp"

namespace kf::indexing {

using index::FrameIndex;
using media::Demuxer;

namespace {

using Packets = std::vector<std::vector<std::uint8_t>>;

constexpr int earlier_places = 2;      // a parser that begins in the middle needs a picture or two to find its feet
constexpr int most_read_before = 256;  // packets: one of ASF's own may hold many small ones
constexpr int few_packets = 64;        // up to these the start is near enough

const index::PacketEntry& at(const FrameIndex& index, std::int32_t ordinal) {
    return index.packets[static_cast<std::size_t>(ordinal)];
}

/// The last packet up to this one that says where it begins, and the first of those that begin there: a parser finds places
/// only for what begins a block, and sizes may be the same.
std::int32_t placed(const FrameIndex& index, std::int32_t ordinal) {
    const auto position = [&index](std::int32_t number) { return at(index, number).position; };
    while (ordinal > 0 && (position(ordinal) == 0 || position(ordinal) == position(ordinal - 1))) --ordinal;
    return ordinal;
}

bool is(const media::DemuxedPacket& packet, const index::PacketEntry& entry) {
    return std::max<std::int64_t>(0, packet.position) == entry.position &&
           packet.bytes.size() == static_cast<std::size_t>(entry.size);
}

/// Nothing where what is found there is not what the index has.
std::optional<Packets> read_from_near(Demuxer& demuxer, const FrameIndex& index, std::span<const std::int32_t> ordinals) {
    const std::int32_t first = placed(index, ordinals.front());
    std::int32_t from = first;
    for (int places = 0; places < earlier_places && from > 0; ++places) from = placed(index, from - 1);
    if (!demuxer.seek(at(index, from).position)) return {};
    auto packet = demuxer.next();
    for (int read = 0; packet && packet->position != at(index, first).position; ++read) {
        if (read == most_read_before || packet->position > at(index, first).position) return {};
        packet = demuxer.next();
    }
    Packets packets;
    for (std::int32_t ordinal = first; packets.size() < ordinals.size(); ++ordinal) {
        if (!packet || !is(*packet, at(index, ordinal))) return {};
        if (ordinal == ordinals[packets.size()]) packets.emplace_back(packet->bytes.begin(), packet->bytes.end());
        if (packets.size() < ordinals.size()) packet = demuxer.next();
    }
    return packets;
}

}  // namespace

Packets read_with_demuxer(const media::Source& source, const FrameIndex& index, std::span<const std::int32_t> ordinals) {
    if (ordinals.front() > few_packets) {
        Demuxer demuxer(source);
        if (auto packets = read_from_near(demuxer, index, ordinals)) return std::move(*packets);
    }
    Demuxer demuxer(source);
    Packets packets;
    for (std::int32_t ordinal = 0; packets.size() < ordinals.size(); ++ordinal) {
        const auto packet = demuxer.next();
        if (!packet)
            throw base::Failure(base::ErrorCode::corrupt, base::Stage::read,
                                "the container ends before packet " + std::to_string(ordinal), demuxer.read_error());
        if (ordinal == ordinals[packets.size()]) packets.emplace_back(packet->bytes.begin(), packet->bytes.end());
    }
    return packets;
}

}  // namespace kf::indexing
