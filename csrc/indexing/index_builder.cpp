// How an index is made:
//   1. The packets are listed (packet_list.cpp).
//   2. The decoder reads one header: size and pixel format come from the stream, not from the container.
//   3. The shown pictures are listed (frame_list.cpp).
#include "indexing/index_builder.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "bitstream/codec.hpp"
#include "bitstream/vc1_headers.hpp"
#include "index/active_parameter_sets.hpp"
#include "indexing/frame_list.hpp"
#include "indexing/packet_fetch.hpp"
#include "indexing/packet_list.hpp"
#include "media/demuxer.hpp"
#include "media/header_reader.hpp"

namespace kf::indexing {

using base::ErrorCode;
using base::Failure;
using base::Stage;
using bitstream::Codec;
using index::FrameIndex;
using media::Source;

namespace {

constexpr int headers_tried = 32;
constexpr int headers_searched = 4096;

[[noreturn]] void fail(ErrorCode code, std::string what, std::string detail = {}) {
    throw Failure(code, Stage::index, std::move(what), std::move(detail));
}

/// Of avcC and hvcC records; 0 where packets have start codes.
int nal_length_size(Codec codec, std::span<const std::uint8_t> extradata) noexcept {
    if (codec == Codec::h264 && extradata.size() > 4 && extradata[0] == 1) return (extradata[4] & 3) + 1;
    const bool start_code = extradata.size() > 3 && extradata[0] == 0 && extradata[1] == 0 && extradata[2] <= 1;
    if (codec == Codec::hevc && extradata.size() > 22 && !start_code) return (extradata[21] & 3) + 1;
    return 0;
}

void read_stream(FrameIndex& index, media::StreamParameters stream) {
    const Codec codec = bitstream::codec_of(stream.codec);
    if (codec == Codec::unknown || !stream.has_decoder)
        fail(ErrorCode::unsupported, "the codec '" + stream.codec + "' is not read");
    index.codec = std::move(stream.codec);
    index.hints = stream.hints;
    index.time_base = stream.time_base;
    index.average_rate = stream.average_rate;
    index.extradata = std::move(stream.extradata);
    index.nal_length_size = nal_length_size(codec, index.extradata);
    index.rotation = stream.rotation;
}

/// VC-1's decoder takes its headers from beside the packets alone; where the container has none there, the first packet that
/// brings them has.
void find_headers(FrameIndex& index, const Source& source) {
    if (bitstream::codec_of(index.codec) != Codec::vc1 || !index.extradata.empty()) return;
    media::Demuxer demuxer(source);
    for (int tried = 0; tried < headers_searched && index.extradata.empty(); ++tried) {
        const auto packet = demuxer.next();
        if (!packet) return;
        const auto headers = bitstream::vc1_headers(packet->bytes);
        index.extradata.assign(headers.begin(), headers.end());
    }
}

std::vector<std::uint8_t> bytes_of(const FrameIndex& index, const Source& source, std::int32_t ordinal) {
    const index::PacketEntry& packet = index.packets[static_cast<std::size_t>(ordinal)];
    if (packet.direct) return read_packet(source, packet);
    return std::move(read_with_demuxer(source, index, std::span(&ordinal, 1)).front());
}

/// Step 2: of the first entry, or of the first packet that has a header. Returns the frames a second that it says.
index::Rational read_format(FrameIndex& index, const Source& source, const IndexOptions& options) {
    const auto first = std::find_if(index.packets.begin(), index.packets.end(),
                                    [](const index::PacketEntry& packet) { return packet.entry; });
    const auto count = static_cast<std::int32_t>(index.packets.size());
    auto ordinal = first == index.packets.end() ? 0 : static_cast<std::int32_t>(first - index.packets.begin());
    media::HeaderReader reader(index, options.max_pixels);
    media::PictureFormat format;
    for (const auto last = std::min(count, ordinal + headers_tried);
         ordinal < last && (format.pixel_format.empty() || format.width <= 0); ++ordinal) {
        reader.read(ordinal, bytes_of(index, source, ordinal), index::parameter_sets_before(index, ordinal, ordinal));
        format = reader.format();
    }
    const std::string most = " exceeds max_pixels (" + std::to_string(options.max_pixels) + ")";
    if (format.too_large) fail(ErrorCode::unsupported, "a frame" + most, reader.last_log_line());
    if (std::int64_t{format.width} * format.height > options.max_pixels) {
        const std::string size = std::to_string(format.width) + "x" + std::to_string(format.height);
        fail(ErrorCode::unsupported, "a frame of " + size + most);
    }
    if (format.width <= 0 || format.height <= 0 || format.pixel_format.empty())
        fail(ErrorCode::corrupt, "no picture header can be read from the stream", reader.last_log_line());
    if (!format.readable) fail(ErrorCode::unsupported, "the pixel format '" + format.pixel_format + "' is not read");
    index.width = format.width;
    index.height = format.height;
    index.pixel_format = format.pixel_format;
    return format.rate;
}

}  // namespace

FrameIndex build_index(const Source& source, const IndexOptions& options, const std::function<bool()>& stop) {
    media::Demuxer demuxer(source);
    FrameIndex index;
    index.source_size = source.size();
    read_stream(index, demuxer.chosen_stream());
    find_headers(index, source);
    PacketList list = list_packets(index, demuxer, source, options, stop);
    if (list.must_read_payloads) {
        IndexOptions all = options;
        all.read_packets = true;
        return build_index(source, all, stop);
    }
    list.rate = read_format(index, source, options);
    if (!demuxer.has_timestamps() && list.rate.num > 0) index.average_rate = list.rate;
    list_frames(index, list, source, stop);
    return index;
}

}  // namespace kf::indexing
