// How an index is made:
//   1. The packets are listed (packet_list.cpp).
//   2. The decoder reads one header: size and pixel format come from the stream, not from the container.
//   3. Shown pictures in order of pts are the frames. How far a picture moves in that sorting is the reorder depth.
//   4. Where the first packet is no IDR picture, libavcodec decides which of the leading ones it shows; where the pts are
//   missing or
//      not distinct, it decides the order too.
#include "media/index_builder.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/h264_packet.hpp"
#include "media/decoded_order.hpp"
#include "media/decoder.hpp"
#include "media/demuxer.hpp"
#include "media/handles.hpp"
#include "media/packet_list.hpp"

namespace kf {
namespace {

constexpr int max_reorder_depth = 16;  // pictures in H.264's largest buffer

[[noreturn]] void fail(ErrorCode code, std::string what, std::string detail = {}) {
    throw Failure(code, Stage::index, std::move(what), std::move(detail));
}

void read_stream(FrameIndex& index, const AVStream& stream) {
    const AVCodecParameters& parameters = *stream.codecpar;
    index.codec = avcodec_get_name(parameters.codec_id);
    if (parameters.codec_id != AV_CODEC_ID_H264)
        fail(ErrorCode::unsupported, "the codec '" + index.codec + "' is not read yet; H.264 is");
    index.time_base = {stream.time_base.num, stream.time_base.den};
    if (stream.avg_frame_rate.num > 0 && stream.avg_frame_rate.den > 0) {
        index.average_rate = {stream.avg_frame_rate.num, stream.avg_frame_rate.den};
    }
    if (parameters.extradata_size > 0)
        index.extradata.assign(parameters.extradata, parameters.extradata + parameters.extradata_size);
    const bool avcc = index.extradata.size() > 4 && index.extradata[0] == 1;
    index.nal_length_size = avcc ? (index.extradata[4] & 3) + 1 : 0;
    if (const std::int32_t* matrix = display_matrix(stream)) {
        const double counterclockwise = av_display_rotation_get(matrix);
        const int quarters = std::isfinite(counterclockwise) ? static_cast<int>(std::lround(-counterclockwise / 90.0)) : 0;
        index.rotation = (quarters % 4 + 4) % 4 * 90;
    }
}

std::vector<std::uint8_t> bytes_of(const FrameIndex& index, const Source& source, std::int32_t ordinal) {
    const PacketEntry& packet = index.packets[static_cast<std::size_t>(ordinal)];
    if (packet.direct) return read_packet(source, packet);
    return std::move(read_with_demuxer(source, std::span(&ordinal, 1)).front());
}

/// Step 2.
void read_format(FrameIndex& index, const Source& source, const IndexOptions& options) {
    const auto first =
        std::find_if(index.packets.begin(), index.packets.end(), [](const PacketEntry& packet) { return packet.entry; });
    const auto ordinal = first == index.packets.end() ? 0 : static_cast<std::int32_t>(first - index.packets.begin());
    Decoder decoder(index, true);
    (void)decoder.send(ordinal, bytes_of(index, source, ordinal),
                       parameter_sets_before(index, ordinal, ordinal));  // always refused, after the header has been read
    const Decoder::Format format = decoder.format();
    if (format.width <= 0 || format.height <= 0 || format.pixel_format.empty()) {
        fail(ErrorCode::corrupt, "no picture header can be read from the stream", decoder.last_words());
    }
    if (!format.readable) fail(ErrorCode::unsupported, "the pixel format '" + format.pixel_format + "' is not read yet");
    if (std::int64_t{format.width} * format.height > options.max_pixels) {
        fail(ErrorCode::unsupported,
             "a frame of " + std::to_string(format.width) + "x" + std::to_string(format.height) + " exceeds max_pixels");
    }
    index.width = format.width;
    index.height = format.height;
    index.pixel_format = format.pixel_format;
}

/// Step 3, the depth: the most packets that come before a picture in decode order and after it in presentation order.
int reorder_depth(const std::vector<PacketEntry>& packets) {
    std::vector<std::int64_t> sorted;
    std::ptrdiff_t depth = 0;
    for (const PacketEntry& packet : packets) {
        const auto place = std::upper_bound(sorted.begin(), sorted.end(), packet.order);
        depth = std::max(depth, sorted.end() - place);
        sorted.insert(place, packet.order);
    }
    return static_cast<int>(std::min<std::ptrdiff_t>(depth, max_reorder_depth));
}

bool usable_timestamps(const FrameIndex& index, const PacketList& list) {
    std::vector<std::int64_t> shown;
    for (std::size_t i = 0; i < index.packets.size(); ++i) {
        if (!list.timed[i]) return false;
        if (list.shown[i]) shown.push_back(index.packets[i].order);
    }
    std::sort(shown.begin(), shown.end());
    return std::adjacent_find(shown.begin(), shown.end()) == shown.end();
}

/// Step 4 with usable timestamps: of what comes before the first entry's picture, only what comes out is shown.
void hide_undecodable(const FrameIndex& index, PacketList& list, const Source& source, const std::function<bool()>& stop) {
    if (read_h264_packet(bytes_of(index, source, 0), index.nal_length_size).idr) return;
    const std::vector<std::int32_t> order = decoded_order(index, source, false, stop);
    std::vector<bool> came(index.packets.size());
    for (const std::int32_t ordinal : order) came[static_cast<std::size_t>(ordinal)] = true;
    const bool settled = !order.empty() && index.packets[static_cast<std::size_t>(order.back())].entry;
    const std::int64_t all_from = settled ? index.packets[static_cast<std::size_t>(order.back())].order : INT64_MAX;
    for (std::size_t i = 0; i < index.packets.size(); ++i) {
        list.shown[i] = list.shown[i] && (came[i] || index.packets[i].order >= all_from);
    }
}

/// Step 4 without: a packet's rank takes the place of its pts. Returns the pts by packet, guessed from their neighbours'
/// where missing.
std::vector<std::int64_t> rank_by_decoder(FrameIndex& index, PacketList& list, const Source& source,
                                          const std::function<bool()>& stop) {
    index.reorder_depth = max_reorder_depth;
    const std::vector<std::int32_t> order = decoded_order(index, source, true, stop);
    std::vector<std::int64_t> pts;
    pts.reserve(index.packets.size());
    for (const PacketEntry& packet : index.packets) pts.push_back(packet.order);
    const double ticks = index.time_base.value() * index.average_rate.value();
    const std::int64_t step = ticks > 0 ? std::max<std::int64_t>(1, std::llround(1.0 / ticks)) : 1;
    for (auto later = order.rbegin(); later != order.rend();
         ++later) {  // backwards: from a known one to the unknown before it
        const auto at = static_cast<std::size_t>(*later);
        if (!list.timed[at] && later != order.rbegin()) pts[at] = pts[static_cast<std::size_t>(*std::prev(later))] - step;
    }
    std::vector<std::int64_t> ranks(index.packets.size(), -1);
    for (std::size_t i = 0; i < order.size(); ++i) ranks[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        list.shown[i] = list.shown[i] && ranks[i] >= 0;
        index.packets[i].order = ranks[i] >= 0 ? ranks[i] : i > 0 ? index.packets[i - 1].order : 0;
    }
    return pts;
}

void order_frames(FrameIndex& index, const PacketList& list, const std::vector<std::int64_t>& pts) {
    for (std::size_t i = 0; i < index.packets.size(); ++i) {
        if (list.shown[i])
            index.frames.push_back({pts.empty() ? index.packets[i].order : pts[i], static_cast<std::int32_t>(i)});
    }
    std::stable_sort(index.frames.begin(), index.frames.end(), [&index](const FrameEntry& a, const FrameEntry& b) {
        return index.packets[static_cast<std::size_t>(a.packet)].order <
               index.packets[static_cast<std::size_t>(b.packet)].order;
    });
    if (index.frames.empty()) fail(ErrorCode::corrupt, "no picture of the video stream is shown");
    index.last_duration = std::max<std::int64_t>(0, list.last_duration);
    if (index.last_duration == 0 && index.frames.size() > 1) {  // the container does not say: as long as the one before
        index.last_duration = std::max<std::int64_t>(0, index.frames.back().pts - index.frames[index.frames.size() - 2].pts);
    }
}

}  // namespace

FrameIndex build_index(const Source& source, const IndexOptions& options, const std::function<bool()>& stop) {
    Demuxer demuxer(source);
    FrameIndex index;
    index.source_size = source.size();
    read_stream(index, demuxer.stream());
    PacketList list = list_packets(index, demuxer, source, options, stop);
    read_format(index, source, options);
    std::vector<std::int64_t> pts;
    if (usable_timestamps(index, list)) {
        index.reorder_depth = reorder_depth(index.packets);
        hide_undecodable(index, list, source, stop);
    } else {
        pts = rank_by_decoder(index, list, source, stop);
        index.reorder_depth = reorder_depth(index.packets);
    }
    order_frames(index, list, pts);
    return index;
}

std::vector<std::vector<std::uint8_t>> read_with_demuxer(const Source& source, std::span<const std::int32_t> ordinals) {
    Demuxer demuxer(source);
    std::vector<std::vector<std::uint8_t>> packets;
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
