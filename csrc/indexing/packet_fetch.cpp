#include "indexing/packet_fetch.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "media/demuxer.hpp"

namespace kf::indexing {

using index::FrameIndex;
using media::Demuxer;

namespace {

using Packets = std::vector<std::vector<std::uint8_t>>;

constexpr int earlier_places = 2;      // a parser that begins in the middle needs a picture or two to find its feet
constexpr int most_read_before = 256;  // packets: one packet of an ASF file may hold many of the stream's
constexpr int few_packets = 64;        // up to these the start of the source is near enough

const index::PacketEntry& entry_at(const FrameIndex& index, std::int32_t ordinal) {
    return index.packets[static_cast<std::size_t>(ordinal)];
}

/// The last packet at or before `ordinal` that has a position of its own, and of several at one position the first. A parser
/// gives positions only to the pictures that begin a block of the container.
std::int32_t last_with_position(const FrameIndex& index, std::int32_t ordinal) {
    const auto position = [&index](std::int32_t number) { return entry_at(index, number).position; };
    while (ordinal > 0 && (position(ordinal) == 0 || position(ordinal) == position(ordinal - 1))) --ordinal;
    return ordinal;
}

bool matches(const media::DemuxedPacket& packet, const index::PacketEntry& entry) {
    return std::max<std::int64_t>(0, packet.position) == entry.position &&
           packet.bytes.size() == static_cast<std::size_t>(entry.size);
}

/// Reads from a little before the first of these packets. Nothing where the packets found there are not those of the index.
std::optional<Packets> read_from_near(Demuxer& demuxer, const FrameIndex& index, std::span<const std::int32_t> ordinals) {
    const std::int32_t first = last_with_position(index, ordinals.front());
    std::int32_t from = first;
    for (int places = 0; places < earlier_places && from > 0; ++places) from = last_with_position(index, from - 1);
    if (!demuxer.seek(entry_at(index, from).position)) return {};
    auto packet = demuxer.next();
    for (int read = 0; packet && packet->position != entry_at(index, first).position; ++read) {
        if (read == most_read_before || packet->position > entry_at(index, first).position) return {};
        packet = demuxer.next();
    }
    Packets packets;
    for (std::int32_t ordinal = first; packets.size() < ordinals.size(); ++ordinal) {
        if (!packet || !matches(*packet, entry_at(index, ordinal))) return {};
        if (ordinal == ordinals[packets.size()]) packets.emplace_back(packet->bytes.begin(), packet->bytes.end());
        if (packets.size() < ordinals.size()) packet = demuxer.next();
    }
    return packets;
}

}  // namespace

std::vector<std::uint8_t> read_contiguous(const media::Source& source, const index::PacketEntry& packet,
                                          std::size_t at_most) {
    std::vector<std::uint8_t> bytes(std::min(static_cast<std::size_t>(packet.size), at_most));
    bytes.resize(source.read_at(packet.position, bytes));
    return bytes;
}

std::vector<std::uint8_t> read_packet(const media::Source& source, const FrameIndex& index, std::int32_t ordinal) {
    const index::PacketEntry& packet = entry_at(index, ordinal);
    if (packet.direct) return read_contiguous(source, packet);
    return std::move(read_with_demuxer(source, index, std::span(&ordinal, 1)).front());
}

Packets read_with_demuxer(const media::Source& source, const FrameIndex& index, std::span<const std::int32_t> ordinals) {
    if (ordinals.front() > few_packets) {
        Demuxer demuxer(source, index.stream);
        if (auto packets = read_from_near(demuxer, index, ordinals)) return std::move(*packets);
    }
    Demuxer demuxer(source, index.stream);
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
