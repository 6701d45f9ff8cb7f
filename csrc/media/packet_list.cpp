// How packets are listed:
//   1. The demuxer gives each packet's size, pts and key flag. MP4 lists them in its header, so their bytes are not fetched;
//   where it
//      does not (Matroska), or where parameter sets may be in any packet (avc3), what the bytes say is noted on the way.
//   2. A position is believed only where the packet's bytes really lie there.
//   3. Entries are packets that the container flags and that also begin, by their own bytes, what can be decoded from there.
//   Where
//      the bytes were not fetched, those of the flagged packets are now.
#include "media/packet_list.hpp"

#include <algorithm>
#include <string>

#include "base/error.hpp"
#include "base/h264_packet.hpp"
#include "media/handles.hpp"
#include "media/parameter_set_log.hpp"

namespace kf {
namespace {

constexpr std::size_t header_bytes = 4096;  // nearly always holds a packet's first slice header
constexpr std::size_t longest_block_header = 64;

[[noreturn]] void fail(ErrorCode code, std::string what, std::string detail = {}) {
    throw Failure(code, Stage::index, std::move(what), std::move(detail));
}

/// The packet's bytes begin a few bytes after the place that the container gives for its block, or nowhere near: then -1.
std::int64_t find_payload(const Source& source, std::int64_t block, std::span<const std::uint8_t> packet) {
    if (block < 0) return -1;
    std::vector<std::uint8_t> around(packet.size() + longest_block_header);
    around.resize(source.read_at(block, around));
    const auto found = std::search(around.begin(), around.end(), packet.begin(), packet.end());
    return found == around.end() ? -1 : block + (found - around.begin());
}

PacketEntry entry_of(const FrameIndex& index, const DemuxedPacket& packet, const Source& source, bool fetched) {
    PacketEntry entry;
    entry.size = static_cast<std::int32_t>(packet.bytes.size());
    entry.order = packet.pts;
    entry.cut = packet.cut;
    std::int64_t position = packet.position;
    if (fetched) {
        const H264Packet seen = read_h264_packet(packet.bytes, index.nal_length_size);
        entry.droppable = seen.droppable() && packet.extradata.empty() ? Droppable::yes : Droppable::no;
        entry.entry = packet.key && seen.entry();
        position = find_payload(source, packet.position, packet.bytes);
    }
    entry.direct = position >= 0;
    entry.position = std::max<std::int64_t>(position, 0);
    return entry;
}

/// Whether the last packet listed ends so early that libavcodec takes none of it: a NAL unit's length points past the end.
bool is_lost(const FrameIndex& index, const Source& source) {
    const PacketEntry& packet = index.packets.back();
    if (!packet.cut || !packet.direct) return false;
    return !read_h264_packet(read_packet(source, packet), index.nal_length_size).whole;
}

void check_listed_entries(FrameIndex& index, const PacketList& list, const Source& source, ParameterSetLog& sets,
                          const std::function<bool()>& stop) {
    for (std::size_t i = 0; i < index.packets.size(); ++i) {
        PacketEntry& packet = index.packets[i];
        if (!list.key[i] || !packet.direct) continue;
        if (stop()) fail(ErrorCode::cancelled, "indexing was stopped");
        std::vector<std::uint8_t> bytes = read_packet(source, packet, header_bytes);
        if (!read_h264_packet(bytes, index.nal_length_size).has_slice) bytes = read_packet(source, packet);
        packet.entry = read_h264_packet(bytes, index.nal_length_size).entry();
        sets.note_packet(index, static_cast<std::int32_t>(i), bytes);
    }
}

}  // namespace

std::vector<std::uint8_t> read_packet(const Source& source, const PacketEntry& packet, std::size_t at_most) {
    std::vector<std::uint8_t> bytes(std::min(static_cast<std::size_t>(packet.size), at_most));
    bytes.resize(source.read_at(packet.position, bytes));
    return bytes;
}

PacketList list_packets(FrameIndex& index, Demuxer& demuxer, const Source& source, const IndexOptions& options,
                        const std::function<bool()>& stop) {
    PacketList list;
    ParameterSetLog sets(index);
    const bool sets_anywhere = demuxer.stream().codecpar->codec_tag == MKTAG('a', 'v', 'c', '3');
    const bool fetched = !demuxer.listed() || sets_anywhere || options.read_packets;
    if (!fetched) demuxer.skip_listed_bytes();
    std::int64_t lost_packets = 0;
    std::int64_t latest = INT64_MIN;
    while (const auto packet = demuxer.next()) {
        const auto ordinal = static_cast<std::int32_t>(index.packets.size());
        if (stop()) fail(ErrorCode::cancelled, "indexing was stopped");
        if (ordinal >= options.max_packets)
            fail(ErrorCode::unsupported, "the stream has more than " + std::to_string(options.max_packets) + " packets");
        if (!packet->extradata.empty()) sets.note_extradata(index, ordinal, packet->extradata);
        if (fetched) sets.note_packet(index, ordinal, packet->bytes);
        index.packets.push_back(entry_of(index, *packet, source, fetched));
        list.key.push_back(packet->key);
        list.timed.push_back(packet->has_pts);
        const bool lost = is_lost(index, source);
        lost_packets += lost;
        list.shown.push_back(!packet->discard && !lost);
        if (list.shown.back() && packet->has_pts && packet->pts >= latest) {
            latest = packet->pts;
            list.last_duration = packet->duration;
        }
    }
    const auto found = static_cast<std::int64_t>(index.packets.size());
    index.missing_packets = std::max<std::int64_t>(0, demuxer.listed_packets() - found) + lost_packets;
    if (index.packets.empty()) fail(ErrorCode::corrupt, "the video stream has no packets", demuxer.broken_off());
    if (!fetched) check_listed_entries(index, list, source, sets, stop);
    const auto by_ordinal = [](const ParameterSet& a, const ParameterSet& b) { return a.ordinal < b.ordinal; };
    std::stable_sort(index.parameter_sets.begin(), index.parameter_sets.end(), by_ordinal);
    return list;
}

}  // namespace kf
