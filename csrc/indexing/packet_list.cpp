#include "indexing/packet_list.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "bitstream/codec.hpp"
#include "bitstream/h264_packet.hpp"
#include "bitstream/packet_reader.hpp"
#include "indexing/header_order.hpp"
#include "indexing/packet_fetch.hpp"
#include "indexing/packet_place.hpp"
#include "indexing/parameter_set_log.hpp"
#include "media/demuxer.hpp"

namespace kf::indexing {

using base::ErrorCode;
using bitstream::read_h264_packet;
using index::Droppable;
using index::FrameIndex;
using index::PacketEntry;
using media::DemuxedPacket;
using media::Demuxer;
using media::Source;

namespace {

constexpr std::size_t header_bytes = 4096;      // nearly always holds a packet's first slice header
constexpr std::uint32_t avc3_tag = 0x33637661;  // "avc3", the first letter in the lowest byte

/// A table may name the same bytes again and again, so that a small file unfolds to any number of bytes.
void check_total(std::int64_t packet_bytes, std::int64_t source_size) {
    constexpr std::int64_t always = std::int64_t{256} << 20;
    constexpr std::int64_t times = 64;
    if ((packet_bytes - always) / times > source_size)
        fail(ErrorCode::unsupported,
             "the packets of the stream are more than " + std::to_string(times) + " times as large as the file");
}

void check_count(std::int64_t packets, const IndexOptions& options) {
    if (packets > options.max_packets)
        fail(ErrorCode::unsupported, "the stream has more than " + std::to_string(options.max_packets) + " packets");
}

void note_palette(FrameIndex& index, std::span<const std::uint8_t> palette) {
    const bool same = std::equal(palette.begin(), palette.end(), index.palette.begin(), index.palette.end());
    if (!index.palette.empty() && !same) fail(ErrorCode::unsupported, "the palette changes within the video");
    if (palette.size() == index::palette_bytes) index.palette.assign(palette.begin(), palette.end());
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

PacketNotes notes_of(const DemuxedPacket& packet) {
    PacketNotes notes;
    notes.pts = packet.pts;
    notes.dts = packet.dts;
    notes.has_pts = packet.has_pts;
    notes.has_dts = packet.has_dts;
    notes.key = packet.key;
    notes.hidden = packet.discard;
    notes.headers = !packet.extradata.empty();
    return notes;
}

/// Pictures in front of the packet are missing, or a part of its own picture.
void truncate(PacketEntry& packet) noexcept {
    packet.truncated = true;
    packet.droppable = Droppable::no;
}

/// Two fields of one frame are left out together or not at all.
void pair_fields(FrameIndex& index) {
    for (std::size_t i = 1; i < index.packets.size(); ++i) {
        PacketEntry& first = index.packets[i - 1];
        PacketEntry& second = index.packets[i];
        if (!second.completes_previous || first.droppable == second.droppable) continue;
        first.droppable = second.droppable = Droppable::no;
    }
}

/// A JPEG image that is no entry is decoded with the tables of an image before it, so that no image may be left out.
void keep_tables(FrameIndex& index) {
    const bool complete =
        std::all_of(index.packets.begin(), index.packets.end(), [](const auto& packet) { return packet.entry; });
    if (complete || bitstream::codec_of(index.codec) != bitstream::Codec::mjpeg) return;
    for (PacketEntry& packet : index.packets) packet.droppable = Droppable::no;
}

class PacketLister {
public:
    PacketLister(FrameIndex& index, Demuxer& demuxer, const Source& source, const IndexOptions& options, const Stop& stop)
        : index_(index), demuxer_(demuxer), source_(source), options_(options), stop_(stop), sets_(index),
          reader_({index.codec, index.extradata, index.nal_length_size}),
          payloads_read_(options.read_packets || !can_list_unread()) {}

    [[nodiscard]] PacketList run();

private:
    [[nodiscard]] bool can_list_unread() const;
    void take(const DemuxedPacket& packet);
    void read_payload(const DemuxedPacket& packet, PacketEntry& entry, PacketNotes& notes);
    void note_possible_loss(const bitstream::PacketFacts& facts);
    void lose(PacketNotes& notes);
    void follow_duration(const DemuxedPacket& packet, const PacketNotes& notes);
    void check_flagged_packets();

    FrameIndex& index_;
    Demuxer& demuxer_;
    const Source& source_;
    const IndexOptions& options_;
    const Stop& stop_;
    ParameterSetLog sets_;
    bitstream::PacketReader reader_;
    const bool payloads_read_;
    PacketList list_;
    std::int64_t packet_bytes_ = 0;
    std::int64_t lost_packets_ = 0;
    std::int32_t last_reference_ = 0;        // of the codecs with delayed pictures
    std::int32_t behind_reference_ = 0;      // the packet behind it
    std::vector<std::int32_t> behind_loss_;  // packets in front of which pictures are lost, if the numbers can be believed
    std::optional<std::int64_t> latest_;     // the time of the packet whose duration is list_.last_duration
};

/// Steps:
///   1. The demuxer gives each packet's size, times and key flag. Where the header and the bytes of key frames say all
///      (can_list_unread), no packet is read. Otherwise every packet is read, and its bytes say what it is.
///   2. Decoding may begin only where the packet's own bytes say so. Where no packet was read, those that the container
///      flags as key frames are read now.
///   3. Where no packet was read and the times cannot be trusted, the caller is told to list again and read all packets.
///   4. Some facts need the packets around a packet: fields that go together, JPEG tables, the last packet of the stream.
PacketList PacketLister::run() {
    if (!payloads_read_) demuxer_.skip_listed_bytes();
    check_count(demuxer_.listed_packets(), options_);
    list_.notes.reserve(static_cast<std::size_t>(demuxer_.listed_packets()));
    index_.packets.reserve(static_cast<std::size_t>(demuxer_.listed_packets()));
    while (const auto packet = demuxer_.next()) take(*packet);
    const auto found = static_cast<std::int64_t>(index_.packets.size());
    index_.missing_packets = std::max<std::int64_t>(0, demuxer_.listed_packets() - found) + lost_packets_;
    if (index_.packets.empty()) fail(ErrorCode::corrupt, "the video stream has no packets", demuxer_.read_error());

    if (!payloads_read_) check_flagged_packets();

    list_.must_read_payloads = !payloads_read_ && header_order_is_doubtful(list_.notes, reader_.may_reorder());

    if (reader_.waits()) list_.notes.back().shown = bitstream::unknown_pictures;
    if (reader_.counts_pictures()) {
        list_.pictures_lost = !behind_loss_.empty();
        for (const std::int32_t ordinal : behind_loss_) truncate(index_.packets[static_cast<std::size_t>(ordinal)]);
    }
    pair_fields(index_);
    keep_tables(index_);
    const auto by_ordinal = [](const index::ParameterSet& a, const index::ParameterSet& b) { return a.ordinal < b.ordinal; };
    std::stable_sort(index_.parameter_sets.begin(), index_.parameter_sets.end(), by_ordinal);
    return std::move(list_);
}

/// H.264 that is coded in frames, in a container whose header lists the packets and holds the parameter sets: then no packet
/// but a key frame has anything to say. With the tag avc3 any packet may bring parameter sets.
bool PacketLister::can_list_unread() const {
    const bool sets_anywhere = index_.hints.codec_tag == avc3_tag;
    return demuxer_.has_sample_table() && index_.codec == "h264" && !sets_anywhere && reader_.frames_only();
}

void PacketLister::take(const DemuxedPacket& packet) {
    throw_if_stopped(stop_);
    if (packet.encrypted) fail_encrypted();
    const auto ordinal = static_cast<std::int32_t>(index_.packets.size());
    check_count(std::int64_t{ordinal} + 1, options_);
    packet_bytes_ += static_cast<std::int64_t>(packet.bytes.size());
    check_total(packet_bytes_, source_.size());
    PacketEntry entry = entry_of(packet, source_.size());
    PacketNotes notes = notes_of(packet);
    if (!packet.extradata.empty()) sets_.note_extradata(index_, ordinal, packet.extradata);
    if (!packet.palette.empty()) note_palette(index_, packet.palette);
    if (payloads_read_) {
        read_payload(packet, entry, notes);
    } else if (packet.truncated && entry.direct) {
        if (!read_h264_packet(read_contiguous(source_, entry), index_.nal_length_size).whole) lose(notes);
    }
    index_.packets.push_back(entry);
    list_.notes.push_back(notes);
    follow_duration(packet, notes);
}

void drop_last_entry(std::vector<PacketEntry>& packets) noexcept {
    const auto last = std::find_if(packets.rbegin(), packets.rend(), [](const PacketEntry& packet) { return packet.entry; });
    if (last != packets.rend()) last->entry = false;
}

void PacketLister::read_payload(const DemuxedPacket& packet, PacketEntry& entry, PacketNotes& notes) {
    const bitstream::PacketFacts facts = reader_.read(packet.bytes);
    // dav1d reads what is behind the shown frame only when the next packet is sent, so its error would be that packet's.
    const bool ends_in_obu = index_.codec == "av1" && !facts.whole;
    entry.truncated = packet.truncated || ends_in_obu;
    // What cut the packet short may have taken other pictures with it.
    const bool intact = packet.extradata.empty() && !entry.truncated;
    entry.droppable = facts.droppable && intact ? Droppable::yes : Droppable::no;
    entry.entry = facts.entry;
    if (facts.needs_before_entry) drop_last_entry(index_.packets);
    note_possible_loss(facts);
    if (facts.previous_lacks_field) truncate(index_.packets.back());
    entry.completes_previous = facts.completes_previous;
    notes.shown = facts.shown;
    notes.delayed = facts.delayed;
    notes.starts_sequence = facts.sequence_start;
    notes.has_poc = facts.order.has_value();
    notes.poc = facts.order.value_or(0);
    if (packet.truncated && !facts.whole) lose(notes);
    const bool new_sets = sets_.note_packet(index_, static_cast<std::int32_t>(index_.packets.size()), packet.bytes);
    notes.headers = notes.headers || facts.headers || new_sets;
    // The place that the container gives is believed only if the packet's bytes are found there.
    const std::int64_t place = demuxer_.packets_are_contiguous() ? find_packet(source_, packet.position, packet.bytes) : -1;
    entry.direct = place >= 0;
    if (entry.direct) entry.position = place;
}

/// The packet is not yet in the index.
void PacketLister::note_possible_loss(const bitstream::PacketFacts& facts) {
    const auto ordinal = static_cast<std::int32_t>(index_.packets.size());
    if (facts.possible_loss == bitstream::PossibleLoss::before_this) behind_loss_.push_back(ordinal - facts.packets_earlier);
    if (facts.possible_loss == bitstream::PossibleLoss::before_last_reference) behind_loss_.push_back(last_reference_);
    if (facts.possible_loss == bitstream::PossibleLoss::behind_last_reference) behind_loss_.push_back(behind_reference_);
    if (facts.delayed && !facts.completes_previous) last_reference_ = ordinal;
    if (facts.delayed) behind_reference_ = ordinal + 1;
}

/// The packet is cut so short that no decoder takes any of it.
void PacketLister::lose(PacketNotes& notes) {
    notes.hidden = true;
    ++lost_packets_;
}

void PacketLister::follow_duration(const DemuxedPacket& packet, const PacketNotes& notes) {
    if (notes.hidden || !(notes.has_pts || notes.has_dts)) return;
    const std::int64_t time = notes.has_pts ? notes.pts : notes.dts;
    if (latest_ && time < *latest_) return;
    latest_ = time;
    list_.last_duration = packet.duration;
}

void PacketLister::check_flagged_packets() {
    for (std::size_t i = 0; i < index_.packets.size(); ++i) {
        const PacketEntry& packet = index_.packets[i];
        const auto size = std::min<std::int64_t>(packet.size, header_bytes);
        if (list_.notes[i].key && packet.direct) source_.expect(packet.position, size);
    }
    for (std::size_t i = 0; i < index_.packets.size(); ++i) {
        PacketEntry& packet = index_.packets[i];
        if (!list_.notes[i].key || !packet.direct) continue;
        throw_if_stopped(stop_);
        std::vector<std::uint8_t> bytes = read_contiguous(source_, packet, header_bytes);
        if (!read_h264_packet(bytes, index_.nal_length_size).has_slice) bytes = read_contiguous(source_, packet);
        const bitstream::H264Packet seen = read_h264_packet(bytes, index_.nal_length_size);
        packet.entry = seen.entry();
        list_.notes[i].starts_sequence = seen.idr;
        (void)sets_.note_packet(index_, static_cast<std::int32_t>(i), bytes);
    }
}

}  // namespace

PacketList list_packets(FrameIndex& index, Demuxer& demuxer, const Source& source, const IndexOptions& options,
                        const Stop& stop) {
    return PacketLister(index, demuxer, source, options, stop).run();
}

}  // namespace kf::indexing
