#include "media/packet_fetch.hpp"

#include <optional>

#include "base/error.hpp"
#include "media/demuxer.hpp"

namespace kf {
namespace {

using Packets = std::vector<std::vector<std::uint8_t>>;

constexpr int earlier_places = 2;     // a parser that begins in the middle needs a picture or two to find its feet
constexpr int most_read_before = 64;  // packets

const PacketEntry& at(const FrameIndex& index, std::int32_t ordinal) {
    return index.packets[static_cast<std::size_t>(ordinal)];
}

/// A place some packets before this one, so that it is surely found whole.
std::int64_t place_before(const FrameIndex& index, std::int32_t ordinal) {
    std::int64_t place = at(index, ordinal).position;
    for (int places = 0; places < earlier_places && ordinal > 0;) {
        const std::int64_t before = at(index, --ordinal).position;
        places += before != place;
        place = before;
    }
    return place;
}

bool is(const DemuxedPacket& packet, const PacketEntry& entry) {
    return packet.position == entry.position && packet.bytes.size() == static_cast<std::size_t>(entry.size);
}

/// Nothing where what is found there is not what the index has.
std::optional<Packets> read_from_near(Demuxer& demuxer, const FrameIndex& index, std::span<const std::int32_t> ordinals) {
    if (!demuxer.seek(place_before(index, ordinals.front()))) return {};
    auto packet = demuxer.next();
    for (int read = 0; packet && !is(*packet, at(index, ordinals.front())); ++read) {
        if (read == most_read_before || packet->position > at(index, ordinals.front()).position) return {};
        packet = demuxer.next();
    }
    Packets packets;
    for (std::int32_t ordinal = ordinals.front(); packets.size() < ordinals.size(); ++ordinal) {
        if (!packet || !is(*packet, at(index, ordinal))) return {};
        if (ordinal == ordinals[packets.size()]) packets.emplace_back(packet->bytes.begin(), packet->bytes.end());
        if (packets.size() < ordinals.size()) packet = demuxer.next();
    }
    return packets;
}

}  // namespace

Packets read_with_demuxer(const Source& source, const FrameIndex& index, std::span<const std::int32_t> ordinals) {
    if (ordinals.front() > most_read_before) {
        Demuxer demuxer(source);
        if (auto packets = read_from_near(demuxer, index, ordinals)) return std::move(*packets);
    }
    Demuxer demuxer(source);
    Packets packets;
    for (std::int32_t ordinal = 0; packets.size() < ordinals.size(); ++ordinal) {
        const auto packet = demuxer.next();
        if (!packet)
            throw Failure(ErrorCode::corrupt, Stage::read, "the container ends before packet " + std::to_string(ordinal),
                          demuxer.broken_off());
        if (ordinal == ordinals[packets.size()]) packets.emplace_back(packet->bytes.begin(), packet->bytes.end());
    }
    return packets;
}

}  // namespace kf
