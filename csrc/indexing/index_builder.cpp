#include "indexing/index_builder.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "bitstream/codec.hpp"
#include "bitstream/vc1_headers.hpp"
#include "index/active_parameter_sets.hpp"
#include "indexing/decoded_order.hpp"
#include "indexing/frame_list.hpp"
#include "indexing/packet_fetch.hpp"
#include "indexing/packet_list.hpp"
#include "media/best_stream.hpp"
#include "media/demuxer.hpp"
#include "media/field_order.hpp"
#include "media/header_reader.hpp"

namespace kf::indexing {

using base::ErrorCode;
using bitstream::Codec;
using index::FrameIndex;
using media::Source;

namespace {

constexpr int headers_tried = 32;
constexpr int headers_searched = 4096;

/// The size of the length in front of each NAL unit, as avcC and hvcC records say it; 0 where NAL units have start codes.
int nal_length_size(Codec codec, std::span<const std::uint8_t> extradata) noexcept {
    if (codec == Codec::h264 && extradata.size() > 4 && extradata[0] == 1) return (extradata[4] & 3) + 1;
    const bool start_code = extradata.size() > 3 && extradata[0] == 0 && extradata[1] == 0 && extradata[2] <= 1;
    if (codec == Codec::hevc && extradata.size() > 22 && !start_code) return (extradata[21] & 3) + 1;
    return 0;
}

void take_stream_parameters(FrameIndex& index, media::StreamParameters stream) {
    if (stream.encrypted) fail_encrypted();
    const Codec codec = bitstream::codec_of(stream.codec);
    if (codec == Codec::unknown || !stream.has_decoder)
        fail(ErrorCode::unsupported, "the codec '" + stream.codec + "' is not supported");
    index.stream = stream.number;
    index.codec = std::move(stream.codec);
    index.hints = stream.hints;
    index.time_base = stream.time_base;
    index.average_rate = stream.average_rate;
    index.extradata = std::move(stream.extradata);
    index.nal_length_size = nal_length_size(codec, index.extradata);
    index.cropping = stream.cropping;
    index.orientation = stream.orientation;
    index.stated_bit_rate = stream.bit_rate;
    index.properties = stream.properties;
}

/// VC-1's decoder takes its headers from the extradata alone. Where the container has none, the first packet that brings
/// headers has them.
void find_headers(FrameIndex& index, const Source& source) {
    if (bitstream::codec_of(index.codec) != Codec::vc1 || !index.extradata.empty()) return;
    media::Demuxer demuxer(source, index.stream);
    for (int tried = 0; tried < headers_searched && index.extradata.empty(); ++tried) {
        const auto packet = demuxer.next();
        if (!packet) return;
        const auto headers = bitstream::vc1_headers(packet->bytes);
        index.extradata.assign(headers.begin(), headers.end());
    }
}

struct ListedStream {
    FrameIndex index;  ///< without frames
    PacketList packets;
    bool has_timestamps = false;
};

ListedStream list_stream(const Source& source, const IndexOptions& options, const Stop& stop) {
    const bool best = options.stream == media::best_video_stream;
    media::Demuxer demuxer(source, best ? media::best_stream(source, options.max_pixels) : options.stream);
    ListedStream stream;
    stream.has_timestamps = demuxer.has_timestamps();
    stream.index.source_size = source.size();
    take_stream_parameters(stream.index, demuxer.chosen_stream());
    find_headers(stream.index, source);
    stream.packets = list_packets(stream.index, demuxer, source, options, stop);
    return stream;
}

/// Size and pixel format come from the stream, not from the container: from the first entry, or from the first packet after
/// it that has a header. Returns the frames per second that the header says.
index::Rational read_format(FrameIndex& index, const Source& source, const IndexOptions& options) {
    const auto first = std::find_if(index.packets.begin(), index.packets.end(),
                                    [](const index::PacketEntry& packet) { return packet.entry; });
    const auto count = static_cast<std::int32_t>(index.packets.size());
    auto ordinal = first == index.packets.end() ? 0 : static_cast<std::int32_t>(first - index.packets.begin());
    media::FieldOrderParser fields(index);
    std::optional<media::HeaderReader> reader;  // opened when the parser has read a packet and is closed, as a rule
    media::PictureFormat format;
    const auto is_read = [&format] { return !format.pixel_format.empty() && format.width > 0; };
    const auto last = std::min(count, ordinal + headers_tried);
    for (int read = 0; ordinal < last && (!is_read() || (read < 2 && fields.needs_second_field())); ++ordinal, ++read) {
        const auto packet = read_packet(source, index, ordinal);
        const auto parameter_sets = index::parameter_sets_before(index, ordinal, ordinal);
        fields.read(packet, parameter_sets);
        if (is_read()) break;
        if (!reader) reader.emplace(index, options.max_pixels);
        reader->read(ordinal, packet, parameter_sets);
        format = reader->format();
    }
    const std::string log_line = reader ? reader->last_log_line() : "";
    const std::string most = " exceeds max_pixels (" + std::to_string(options.max_pixels) + ")";
    if (format.too_large) fail(ErrorCode::unsupported, "a frame" + most, log_line);
    if (std::int64_t{format.width} * format.height > options.max_pixels) {
        const std::string size = std::to_string(format.width) + "x" + std::to_string(format.height);
        fail(ErrorCode::unsupported, "a frame of " + size + most);
    }
    if (format.width <= 0 || format.height <= 0 || format.pixel_format.empty())
        fail(ErrorCode::corrupt, "no picture header can be read from the stream", log_line);
    if (!format.readable) fail(ErrorCode::unsupported, "the pixel format '" + format.pixel_format + "' is not supported");
    if (format.cropped_width <= 0 || format.cropped_height <= 0)
        fail(ErrorCode::corrupt, "the container's cropping leaves nothing of the pictures");
    index.width = format.cropped_width;
    index.height = format.cropped_height;
    index.pixel_format = format.pixel_format;
    index.properties = format.properties;
    index.properties.field_order = fields.order();
    return format.rate;
}

}  // namespace

/// Steps, and the demuxers that they open. A demuxer does not go back, so every walk over the packets needs one of its own.
///   1. list_stream lists the packets: one demuxer for all of them, and one before it for VC-1 without extradata, whose
///      headers have to be known before the first packet is read.
///   2. Where the packets were not read and their order turns out to be doubtful, the stream is listed once more, with every
///      packet read. That is a second demuxer: the first one skipped the packets' bytes.
///   3. read_format reads the header of one packet. Only a packet that is not contiguous in the source needs a demuxer.
///   4. list_frames lists the shown pictures. Only where packets cannot tell what is shown is the stream decoded, from the
///      first packet of another demuxer (decoded_order.cpp).
FrameIndex build_index(const Source& source, const IndexOptions& options, const Stop& stop) {
    ListedStream stream = list_stream(source, options, stop);
    if (stream.packets.must_read_payloads) {
        IndexOptions reading = options;
        reading.read_packets = true;
        stream = {};  // before the second list is made, so that only one is in memory
        stream = list_stream(source, reading, stop);
    }
    FrameIndex& index = stream.index;
    stream.packets.rate = read_format(index, source, options);
    // Of a bare stream FFmpeg assumes 25 frames per second.
    if (!stream.has_timestamps && stream.packets.rate.num > 0) index.average_rate = stream.packets.rate;
    list_frames(index, stream.packets, [&](DecodeExtent extent) { return decoded_order(index, source, extent, stop); });
    return std::move(index);
}

}  // namespace kf::indexing
