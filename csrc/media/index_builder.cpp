// How an index is made:
//   1. The demuxer lists the packets: size, pts, the container's key flag. MP4 lists them in its header, so their bytes are not
//      fetched; Matroska's blocks have to be walked, and what the bytes say is noted on the way.
//   2. A position is believed only where the packet's bytes really lie there.
//   3. Entries are packets the container flags that also begin, by their own bytes, what can be decoded from there.
//   4. The decoder reads one header: size and pixel format come from the stream, not from the container.
//   5. Shown pictures in order of pts are the frames. How far a picture moves in that sorting is the reorder depth.
//   6. Where the first packet is no IDR picture, libavcodec decides which of the leading ones it shows: they are decoded once, by themselves.
#include "media/index_builder.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "base/h264_packet.hpp"
#include "media/decoder.hpp"
#include "media/demuxer.hpp"
#include "media/handles.hpp"

namespace kf {
namespace {

constexpr int max_reorder_depth = 16;  // pictures in H.264's largest buffer
constexpr std::size_t header_bytes = 4096;

using Bytes = std::span<const std::uint8_t>;

[[noreturn]] void fail(ErrorCode code, std::string what, std::string detail = {}) {
    throw Failure(code, Stage::index, std::move(what), std::move(detail));
}

struct Listed {
    std::vector<bool> key;
    std::vector<bool> shown;
    std::int64_t last_duration = 0;
};

void read_stream(FrameIndex& index, const AVStream& stream) {
    const AVCodecParameters& parameters = *stream.codecpar;
    index.codec = avcodec_get_name(parameters.codec_id);
    if (parameters.codec_id != AV_CODEC_ID_H264) fail(ErrorCode::unsupported, "the codec '" + index.codec + "' is not read yet; H.264 is");
    index.stream = stream.index;
    index.time_base = {stream.time_base.num, stream.time_base.den};
    if (stream.avg_frame_rate.num > 0 && stream.avg_frame_rate.den > 0) {
        index.average_rate = {stream.avg_frame_rate.num, stream.avg_frame_rate.den};
    }
    if (parameters.extradata_size > 0) index.extradata.assign(parameters.extradata, parameters.extradata + parameters.extradata_size);
    const bool avcc = index.extradata.size() > 4 && index.extradata[0] == 1;
    index.nal_length_size = avcc ? (index.extradata[4] & 3) + 1 : 0;
    if (const std::int32_t* matrix = display_matrix(stream)) {
        const double counterclockwise = av_display_rotation_get(matrix);
        const int quarters = std::isfinite(counterclockwise) ? static_cast<int>(std::lround(-counterclockwise / 90.0)) : 0;
        index.rotation = (quarters % 4 + 4) % 4 * 90;
    }
}

/// Step 2 for a container that gives a block's place: the packet's bytes begin a few bytes after it, or nowhere near.
std::int64_t find_payload(const Source& source, std::int64_t block, Bytes packet) {
    constexpr std::size_t longest_block_header = 64;
    std::vector<std::uint8_t> around(packet.size() + longest_block_header);
    const std::size_t got = source.read_at(block, around);
    const auto end = around.begin() + static_cast<std::ptrdiff_t>(got);
    const auto found = std::search(around.begin(), end, packet.begin(), packet.end());
    return found == end ? -1 : block + (found - around.begin());
}

void note_bytes(PacketEntry& entry, const Source& source, const DemuxedPacket& packet, int nal_length_size) {
    const H264Packet seen = read_h264_packet(packet.bytes, nal_length_size);
    entry.droppable = seen.droppable() ? Droppable::yes : Droppable::no;
    entry.entry = packet.key && seen.entry();
    const std::int64_t position = packet.position < 0 ? -1 : find_payload(source, packet.position, packet.bytes);
    entry.direct = position >= 0;
    entry.position = std::max<std::int64_t>(position, 0);
}

void list_packets(FrameIndex& index, Listed& listed, Demuxer& demuxer, const Source& source, const IndexLimits& limits,
                  const std::function<bool()>& stop) {
    demuxer.skip_listed_bytes();
    std::int64_t latest = INT64_MIN;
    while (const auto packet = demuxer.next()) {
        if (stop()) fail(ErrorCode::cancelled, "indexing was stopped");
        if (static_cast<std::int64_t>(index.packets.size()) >= limits.max_packets) fail(ErrorCode::unsupported, "the stream has too many packets");
        if (!packet->has_pts) fail(ErrorCode::unsupported, "packet " + std::to_string(index.packets.size()) + " has no timestamp");
        PacketEntry entry;
        entry.size = static_cast<std::int32_t>(packet->bytes.size());
        entry.pts = packet->pts;
        entry.cut = packet->cut;
        if (demuxer.listed()) {
            entry.direct = packet->position >= 0;
            entry.position = std::max<std::int64_t>(packet->position, 0);
        } else {
            note_bytes(entry, source, *packet, index.nal_length_size);
        }
        if (!packet->discard && packet->pts >= latest) {
            latest = packet->pts;
            listed.last_duration = packet->duration;
        }
        listed.key.push_back(packet->key);
        listed.shown.push_back(!packet->discard);
        index.packets.push_back(entry);
    }
    index.missing_packets = std::max<std::int64_t>(0, demuxer.listed_packets() - static_cast<std::int64_t>(index.packets.size()));
    if (index.packets.empty()) fail(ErrorCode::corrupt, "the video stream has no packets", demuxer.broken_off());
}

std::vector<std::uint8_t> packet_bytes(const Source& source, const PacketEntry& packet, std::size_t at_most) {
    std::vector<std::uint8_t> bytes(std::min(static_cast<std::size_t>(packet.size), at_most));
    bytes.resize(source.read_at(packet.position, bytes));
    return bytes;
}

/// Step 3 where the bytes were not seen yet. The first slice decides, and it nearly always lies in the first bytes.
void check_entries(FrameIndex& index, const Listed& listed, const Source& source, const std::function<bool()>& stop) {
    for (std::size_t i = 0; i < index.packets.size(); ++i) {
        PacketEntry& packet = index.packets[i];
        if (!listed.key[i] || !packet.direct || packet.droppable != Droppable::unknown) continue;
        if (stop()) fail(ErrorCode::cancelled, "indexing was stopped");
        H264Packet seen = read_h264_packet(packet_bytes(source, packet, header_bytes), index.nal_length_size);
        if (!seen.has_slice) seen = read_h264_packet(packet_bytes(source, packet, SIZE_MAX), index.nal_length_size);
        packet.entry = seen.entry();
    }
}

std::vector<std::uint8_t> bytes_of(const FrameIndex& index, const Source& source, std::int32_t ordinal) {
    const PacketEntry& packet = index.packets[static_cast<std::size_t>(ordinal)];
    if (packet.direct) return packet_bytes(source, packet, SIZE_MAX);
    return std::move(read_with_demuxer(source, std::span(&ordinal, 1)).front());
}

/// Step 4.
void read_format(FrameIndex& index, const Source& source, const IndexLimits& limits) {
    const auto first_entry = std::find_if(index.packets.begin(), index.packets.end(), [](const PacketEntry& packet) { return packet.entry; });
    const auto ordinal = first_entry == index.packets.end() ? 0 : static_cast<std::int32_t>(first_entry - index.packets.begin());
    Decoder decoder(index, true);
    (void)decoder.send(ordinal, bytes_of(index, source, ordinal));  // always refused, after the header has been read
    const Decoder::Format format = decoder.format();
    if (format.width <= 0 || format.height <= 0 || format.pixel_format.empty()) {
        fail(ErrorCode::corrupt, "no picture header can be read from the stream", decoder.last_words());
    }
    if (!format.readable) fail(ErrorCode::unsupported, "the pixel format '" + format.pixel_format + "' is not read yet");
    if (std::int64_t{format.width} * format.height > limits.max_pixels) {
        fail(ErrorCode::unsupported, "a frame of " + std::to_string(format.width) + "x" + std::to_string(format.height) + " exceeds max_pixels");
    }
    index.width = format.width;
    index.height = format.height;
    index.pixel_format = format.pixel_format;
    index.layout = format.layout;
}

/// Step 5, the depth: the most packets that come before a picture in decode order and after it in presentation order.
int reorder_depth(const std::vector<PacketEntry>& packets) {
    std::vector<std::int64_t> sorted;
    std::ptrdiff_t depth = 0;
    for (const PacketEntry& packet : packets) {
        const auto place = std::upper_bound(sorted.begin(), sorted.end(), packet.pts);
        depth = std::max(depth, sorted.end() - place);
        sorted.insert(place, packet.pts);
    }
    return static_cast<int>(std::min<std::ptrdiff_t>(depth, max_reorder_depth));
}

/// Step 6. Once an entry's picture has come out, everything after it in presentation order is shown; of what comes before it, only
/// what came out by then.
void ask_decoder(FrameIndex& index, Listed& listed, const Source& source, const std::function<bool()>& stop) {
    if (read_h264_packet(bytes_of(index, source, 0), index.nal_length_size).idr) return;
    std::vector<bool> came(index.packets.size());
    std::int64_t clean_from = INT64_MAX;
    Decoder decoder(index);
    const auto receive = [&] {
        DecodedPicture picture;
        for (Received got = decoder.receive(picture); got != Received::nothing && clean_from == INT64_MAX; got = decoder.receive(picture)) {
            if (got != Received::picture || picture.ordinal < 0) continue;
            const auto ordinal = static_cast<std::size_t>(picture.ordinal);
            came[ordinal] = true;
            if (index.packets[ordinal].entry) clean_from = index.packets[ordinal].pts;
        }
    };
    Demuxer demuxer(source);
    for (std::size_t i = 0; i < index.packets.size() && clean_from == INT64_MAX; ++i) {
        if (stop()) fail(ErrorCode::cancelled, "indexing was stopped");
        const auto packet = demuxer.next();
        if (!packet) break;
        (void)decoder.send(static_cast<std::int64_t>(i), packet->bytes);
        receive();
    }
    if (decoder.drain()) receive();
    for (std::size_t i = 0; i < index.packets.size(); ++i) {
        listed.shown[i] = listed.shown[i] && (came[i] || index.packets[i].pts >= clean_from);
    }
}

void order_frames(FrameIndex& index, const Listed& listed) {
    for (std::size_t i = 0; i < index.packets.size(); ++i) {
        if (listed.shown[i]) index.frames.push_back({index.packets[i].pts, static_cast<std::int32_t>(i)});
    }
    std::stable_sort(index.frames.begin(), index.frames.end(), [](const FrameEntry& a, const FrameEntry& b) { return a.pts < b.pts; });
    if (index.frames.empty()) fail(ErrorCode::corrupt, "no picture of the video stream is shown");
    index.last_duration = std::max<std::int64_t>(0, listed.last_duration);
    if (index.last_duration == 0 && index.frames.size() > 1) {  // the container does not say: as long as the one before
        index.last_duration = index.frames.back().pts - index.frames[index.frames.size() - 2].pts;
    }
}

}  // namespace

FrameIndex build_index(const Source& source, const IndexLimits& limits, const std::function<bool()>& stop) {
    Demuxer demuxer(source);
    FrameIndex index;
    Listed listed;
    index.source_size = source.size();
    read_stream(index, demuxer.stream());
    list_packets(index, listed, demuxer, source, limits, stop);
    check_entries(index, listed, source, stop);
    read_format(index, source, limits);
    index.reorder_depth = reorder_depth(index.packets);
    ask_decoder(index, listed, source, stop);
    order_frames(index, listed);
    return index;
}

std::vector<std::vector<std::uint8_t>> read_with_demuxer(const Source& source, std::span<const std::int32_t> ordinals) {
    Demuxer demuxer(source);
    std::vector<std::vector<std::uint8_t>> packets;
    for (std::int32_t ordinal = 0; packets.size() < ordinals.size(); ++ordinal) {
        const auto packet = demuxer.next();
        if (!packet) throw Failure(ErrorCode::corrupt, Stage::read, "the container ends before packet " + std::to_string(ordinal), demuxer.broken_off());
        if (ordinal == ordinals[packets.size()]) packets.emplace_back(packet->bytes.begin(), packet->bytes.end());
    }
    return packets;
}

}  // namespace kf
