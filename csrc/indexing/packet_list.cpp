// How packets are listed:
//   1. The demuxer gives each packet's size, times and key flag. MP4 lists H.264 in its header, so the bytes are
//      not fetched. Everywhere else, or where parameter sets or fields may be in any packet, what they say is noted on the
//      way.
//   2. A position is believed only where the packet's bytes really lie there.
//   3. Entries are packets that begin, by their own bytes, what can be decoded from there. Where the bytes were not fetched,
//      those of the packets that the container flags are now.
#include "indexing/packet_list.hpp"

#include <algorithm>
#include <string>

#include "base/error.hpp"
#include "bitstream/h264_packet.hpp"
#include "bitstream/packet_reader.hpp"
#include "indexing/parameter_set_log.hpp"

namespace kf::indexing {

using base::ErrorCode;
using base::Failure;
using base::Stage;
using bitstream::read_h264_packet;
using index::Droppable;
using index::FrameIndex;
using index::PacketEntry;
using media::DemuxedPacket;
using media::Demuxer;
using media::Source;

namespace {

constexpr std::size_t header_bytes = 4096;          // nearly always holds a packet's first slice header
constexpr std::size_t longest_block_header = 2048;  // an elementary stream is read in pieces of 1024 bytes
constexpr std::size_t most_comparisons = 16;        // of a packet's every byte: more only where it was made to be looked for
constexpr std::uint32_t avc3_tag = 0x33637661;      // "avc3", the first letter in the lowest byte

[[noreturn]] void fail(ErrorCode code, std::string what, std::string detail = {}) {
    throw Failure(code, Stage::index, std::move(what), std::move(detail));
}

/// The packet's bytes begin a few bytes after the place that the container gives for its block, or nowhere near: then -1.
std::int64_t find_payload(const Source& source, std::int64_t block, std::span<const std::uint8_t> packet) {
    if (block < 0) return -1;
    std::vector<std::uint8_t> around(packet.size() + longest_block_header);
    around.resize(source.read_at(block, around));
    std::size_t compared = 0;
    for (std::size_t at = 0; at + packet.size() <= around.size(); ++at) {
        const auto differs = std::mismatch(packet.begin(), packet.end(), around.begin() + static_cast<std::ptrdiff_t>(at));
        if (differs.first == packet.end()) return block + static_cast<std::int64_t>(at);
        compared += static_cast<std::size_t>(differs.first - packet.begin());
        if (compared > most_comparisons * (packet.size() + longest_block_header)) break;
    }
    return -1;
}

PacketEntry entry_of(const DemuxedPacket& packet, std::int64_t source_size) {
    PacketEntry entry;
    entry.size = static_cast<std::int32_t>(packet.bytes.size());
    entry.position = std::clamp<std::int64_t>(packet.position, 0, std::max<std::int64_t>(0, source_size - entry.size));
    entry.order = packet.pts;
    entry.truncated = packet.truncated;
    entry.direct = packet.position >= 0;
    return entry;
}

/// What is known of a packet beside its entry in the index.
struct PacketNotes {
    int shown = 1;
    bool delayed = false;
    bool headers = false;
    bool starts_sequence = false;
    bool lost = false;  ///< cut so short that no decoder takes any of it
    std::optional<std::int64_t> poc;
};

PacketNotes read_fetched(PacketEntry& entry, bitstream::PacketReader& reader, const DemuxedPacket& packet) {
    const bitstream::PacketFacts facts = reader.read(packet.bytes);
    entry.truncated = packet.truncated || facts.follows_loss;
    const bool intact =
        packet.extradata.empty() && !entry.truncated;  // what cut it short may have taken other pictures with it
    entry.droppable = facts.droppable && intact ? Droppable::yes : Droppable::no;
    entry.entry = facts.entry;
    entry.completes_previous = facts.completes_previous;
    return {facts.shown, facts.delayed, facts.headers, facts.sequence_start, packet.truncated && !facts.whole, facts.order};
}

void find_place(PacketEntry& entry, const Demuxer& demuxer, const Source& source, const DemuxedPacket& packet) {
    const std::int64_t position =
        demuxer.packets_are_contiguous() ? find_payload(source, packet.position, packet.bytes) : -1;
    entry.direct = position >= 0;
    if (entry.direct) entry.position = position;
}

void add(PacketList& list, const DemuxedPacket& packet, const PacketNotes& notes) {
    list.key.push_back(packet.key);
    list.pts.push_back(packet.has_pts ? std::optional(packet.pts) : std::nullopt);
    list.dts.push_back(packet.has_dts ? std::optional(packet.dts) : std::nullopt);
    list.poc.push_back(notes.poc);
    list.hidden.push_back(packet.discard || notes.lost);
    list.shown.push_back(notes.shown);
    list.delayed.push_back(notes.delayed);
    list.headers.push_back(notes.headers);
    list.starts_sequence.push_back(notes.starts_sequence);
}

/// Tables may name the same bytes again and again, and a few bytes may unfold to many.
void check_bytes(std::int64_t bytes, std::int64_t source_size) {
    constexpr std::int64_t always = std::int64_t{256} << 20;
    constexpr std::int64_t times = 64;
    if ((bytes - always) / times > source_size)
        fail(ErrorCode::unsupported, "its packets are larger than the file more than " + std::to_string(times) + " times");
}

[[noreturn]] void refuse_number(const IndexOptions& options) {
    fail(ErrorCode::unsupported, "the stream has more than " + std::to_string(options.max_packets) + " packets");
}

void note_palette(FrameIndex& index, std::span<const std::uint8_t> palette) {
    const bool same = std::equal(palette.begin(), palette.end(), index.palette.begin(), index.palette.end());
    if (!index.palette.empty() && !same) fail(ErrorCode::unsupported, "the palette changes within the video");
    if (palette.size() == index::palette_bytes) index.palette.assign(palette.begin(), palette.end());
}

/// Two fields are left out together or not at all.
void pair_fields(FrameIndex& index) {
    for (std::size_t i = 1; i < index.packets.size(); ++i) {
        PacketEntry& first = index.packets[i - 1];
        PacketEntry& second = index.packets[i];
        if (!second.completes_previous || first.droppable == second.droppable) continue;
        first.droppable = second.droppable = Droppable::no;
    }
}

/// Whether all that comes before the start of a sequence is shown before it, and all else after it.
bool sequences_in_line(const PacketList& list) {
    std::optional<std::int64_t> latest;  // before the sequence
    std::optional<std::int64_t> latest_yet;
    for (std::size_t i = 0; i < list.pts.size(); ++i) {
        if (list.hidden[i]) continue;
        if (list.starts_sequence[i]) latest = latest_yet;
        if (latest && list.pts[i] <= latest) return false;
        latest_yet = std::max(latest_yet, list.pts[i]);
    }
    return true;
}

/// Where a JPEG image is no entry, it is read by what came with images before.
void keep_tables(FrameIndex& index) {
    const bool complete =
        std::all_of(index.packets.begin(), index.packets.end(), [](const auto& packet) { return packet.entry; });
    if (complete || bitstream::codec_of(index.codec) != bitstream::Codec::mjpeg) return;
    for (PacketEntry& packet : index.packets) packet.droppable = Droppable::no;
}

/// Whether the header and the bytes of key frames say all: H.264 whose parameter sets are in the header, in frames.
bool can_list_unread(const FrameIndex& index, const Demuxer& demuxer) {
    const bool sets_anywhere = index.hints.codec_tag == avc3_tag;
    return demuxer.has_sample_table() && index.codec == "h264" && !sets_anywhere;
}

void check_listed_entries(FrameIndex& index, PacketList& list, const Source& source, ParameterSetLog& sets,
                          const std::function<bool()>& stop) {
    for (std::size_t i = 0; i < index.packets.size(); ++i) {
        PacketEntry& packet = index.packets[i];
        if (!list.key[i] || !packet.direct) continue;
        if (stop()) fail(ErrorCode::cancelled, "indexing was stopped");
        std::vector<std::uint8_t> bytes = read_packet(source, packet, header_bytes);
        if (!read_h264_packet(bytes, index.nal_length_size).has_slice) bytes = read_packet(source, packet);
        const bitstream::H264Packet seen = read_h264_packet(bytes, index.nal_length_size);
        packet.entry = seen.entry();
        list.starts_sequence[i] = seen.idr;
        sets.note_packet(index, static_cast<std::int32_t>(i), bytes);
    }
}

}  // namespace

void PacketList::reserve(std::size_t packets) {
    for (auto* flags : {&key, &hidden, &delayed, &headers, &starts_sequence}) flags->reserve(packets);
    for (auto* times : {&pts, &dts, &poc}) times->reserve(packets);
    shown.reserve(packets);
}

std::vector<std::uint8_t> read_packet(const Source& source, const PacketEntry& packet, std::size_t at_most) {
    std::vector<std::uint8_t> bytes(std::min(static_cast<std::size_t>(packet.size), at_most));
    bytes.resize(source.read_at(packet.position, bytes));
    return bytes;
}

PacketList list_packets(FrameIndex& index, Demuxer& demuxer, const Source& source, const IndexOptions& options,
                        const std::function<bool()>& stop) {
    PacketList list;
    ParameterSetLog sets(index);
    bitstream::PacketReader reader({index.codec, index.extradata, index.nal_length_size});
    const bool fetched = options.read_packets || !reader.frames_only() || !can_list_unread(index, demuxer);
    if (!fetched) demuxer.skip_listed_bytes();
    if (demuxer.listed_packets() > options.max_packets) refuse_number(options);
    list.reserve(static_cast<std::size_t>(demuxer.listed_packets()));
    index.packets.reserve(static_cast<std::size_t>(demuxer.listed_packets()));
    std::int64_t lost_packets = 0;
    std::int64_t bytes = 0;
    std::optional<std::int64_t> latest;
    while (const auto packet = demuxer.next()) {
        const auto ordinal = static_cast<std::int32_t>(index.packets.size());
        if (stop()) fail(ErrorCode::cancelled, "indexing was stopped");
        if (ordinal >= options.max_packets) refuse_number(options);
        bytes += static_cast<std::int64_t>(packet->bytes.size());
        check_bytes(bytes, source.size());
        PacketEntry entry = entry_of(*packet, source.size());
        if (!packet->extradata.empty()) sets.note_extradata(index, ordinal, packet->extradata);
        if (!packet->palette.empty()) note_palette(index, packet->palette);
        PacketNotes notes;
        if (fetched) {
            notes = read_fetched(entry, reader, *packet);
            notes.headers = sets.note_packet(index, ordinal, packet->bytes) || notes.headers;
            find_place(entry, demuxer, source, *packet);
        } else if (packet->truncated && entry.direct) {
            notes.lost = !read_h264_packet(read_packet(source, entry), index.nal_length_size).whole;
        }
        notes.headers = notes.headers || !packet->extradata.empty();
        index.packets.push_back(entry);
        add(list, *packet, notes);
        lost_packets += notes.lost;
        const auto& time = packet->has_pts ? list.pts.back() : list.dts.back();
        if (!list.hidden.back() && time && (!latest || *time >= *latest)) {
            latest = time;
            list.last_duration = packet->duration;
        }
    }
    const auto found = static_cast<std::int64_t>(index.packets.size());
    index.missing_packets = std::max<std::int64_t>(0, demuxer.listed_packets() - found) + lost_packets;
    if (index.packets.empty()) fail(ErrorCode::corrupt, "the video stream has no packets", demuxer.read_error());
    if (!fetched) check_listed_entries(index, list, source, sets, stop);
    // Who copies a stream out of a container that knows no presentation times may leave those of decoding in their place.
    const bool in_line = reader.may_reorder() && std::is_sorted(list.pts.begin(), list.pts.end());
    list.must_read_payloads = !fetched && (in_line || !sequences_in_line(list));
    if (reader.waits()) list.shown.back() = bitstream::unknown_pictures;
    pair_fields(index);
    keep_tables(index);
    const auto by_ordinal = [](const index::ParameterSet& a, const index::ParameterSet& b) { return a.ordinal < b.ordinal; };
    std::stable_sort(index.parameter_sets.begin(), index.parameter_sets.end(), by_ordinal);
    return list;
}

}  // namespace kf::indexing
