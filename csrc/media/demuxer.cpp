#include "media/demuxer.hpp"

#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "media/ffmpeg_log.hpp"
#include "media/handles.hpp"
#include "media/input.hpp"
#include "media/matroska_encryption.hpp"
#include "media/mpeg4_unpacker.hpp"
#include "media/source_io.hpp"

namespace kf::media {

using base::ErrorCode;
using base::Failure;
using base::Stage;

namespace {

static_assert(index::palette_bytes == AVPALETTE_SIZE);

constexpr std::int64_t most_bytes_before_video = std::int64_t{16} << 20;

/// For messages, such as "stream 1 is audio (aac)".
std::string described(const AVStream& stream) {
    const char* kind = av_get_media_type_string(stream.codecpar->codec_type);
    const bool cover = (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
    return "stream " + std::to_string(stream.index) + " is " +
           (cover             ? "a cover picture"
            : kind != nullptr ? kind
                              : "unknown") +
           " (" + avcodec_get_name(stream.codecpar->codec_id) + ")";
}

/// AV_NOPTS_VALUE is out of this range too.
bool is_time(std::int64_t ticks) noexcept {
    return ticks >= -index::latest_time && ticks <= index::latest_time;
}

}  // namespace

struct Demuxer::Impl {
    explicit Impl(const Source& source) : io(source), packet(av_packet_alloc()) {
        if (!packet) throw std::bad_alloc();
    }
    SourceIo io;  // declared before `input`, which reads through it until it is closed
    InputHandle input;
    PacketHandle packet;
    AVStream* stream = nullptr;
    bool has_sample_table = false;
    bool cuts_packets = false;  // a container for broadcast, which may be entered anywhere: it cuts packets into pieces
    std::optional<Mpeg4Unpacker> unpacker;
    bool encrypted = false;     // as the container says where FFmpeg ignores it
    bool packet_waits = false;  // `packet` was read to find the stream and has not been given out
    std::string read_error;

    void choose_stream(std::int32_t wanted);
    [[nodiscard]] AVStream* known_stream(std::int32_t wanted) const noexcept;
    [[nodiscard]] int place_among_videos() const noexcept;
    [[noreturn]] void fail_to_choose(std::int32_t wanted) const;
    [[nodiscard]] bool read_packet();
};

/// The wanted stream, if the container has shown it by now and told its codec, or that it is encrypted.
AVStream* Demuxer::Impl::known_stream(std::int32_t wanted) const noexcept {
    for (unsigned i = 0; i < input->nb_streams; ++i) {
        AVStream* candidate = input->streams[i];
        const bool named = wanted == first_video_stream || wanted == candidate->index;
        const bool known = candidate->codecpar->codec_id != AV_CODEC_ID_NONE || is_encrypted(*candidate);
        if (named && known && is_picture_stream(*candidate)) return candidate;
    }
    return nullptr;
}

/// How many picture streams are in front of the chosen one.
int Demuxer::Impl::place_among_videos() const noexcept {
    int place = 0;
    for (int i = 0; i < stream->index; ++i) place += is_picture_stream(*input->streams[i]);
    return place;
}

void Demuxer::Impl::fail_to_choose(std::int32_t wanted) const {
    if (wanted == first_video_stream)
        throw Failure(ErrorCode::not_video, Stage::index, "there is no video stream in this file", take_reason(0));
    std::string videos;
    for (unsigned i = 0; i < input->nb_streams; ++i) {
        if (is_picture_stream(*input->streams[i])) videos += (videos.empty() ? "" : ", ") + std::to_string(i);
    }
    const bool exists = static_cast<unsigned>(wanted) < input->nb_streams;
    throw Failure(ErrorCode::unsupported, Stage::index,
                  (exists ? described(*input->streams[wanted]) : "there is no stream " + std::to_string(wanted)) +
                      "; the video streams of this file are: " + (videos.empty() ? "none" : videos));
}

/// Without a wanted number, chooses the stream that FFmpeg's `-map 0:V:0` chooses: the first video stream that is not a
/// cover picture. A container without a header (AVFMTCTX_NOHEADER) shows its streams as packets come, so packets are read
/// until there is one.
void Demuxer::Impl::choose_stream(std::int32_t wanted) {
    while ((stream = known_stream(wanted)) == nullptr) {
        const bool more = (input->ctx_flags & AVFMTCTX_NOHEADER) != 0 && avio_tell(input->pb) < most_bytes_before_video;
        if (!more || !read_packet()) fail_to_choose(wanted);
    }
    // Without a header, the parameters of the stream come with its first packet.
    while ((input->ctx_flags & AVFMTCTX_NOHEADER) != 0 && (packet->size <= 0 || packet->stream_index != stream->index)) {
        if (avio_tell(input->pb) >= most_bytes_before_video || !read_packet()) break;
    }
    packet_waits = packet->size > 0;
    const AVCodecParameters& parameters = *stream->codecpar;
    if (parameters.codec_id == AV_CODEC_ID_MPEG4)
        unpacker.emplace(std::span(parameters.extradata, static_cast<std::size_t>(parameters.extradata_size)));
    for (unsigned i = 0; i < input->nb_streams; ++i)
        input->streams[i]->discard = input->streams[i] == stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
}

/// False at the end of the stream, or where the container breaks off.
bool Demuxer::Impl::read_packet() {
    av_packet_unref(packet.get());
    const int result = av_read_frame(input.get(), packet.get());
    if (result >= 0) return true;
    if (!io.failure().empty()) throw Failure(ErrorCode::open, Stage::read, "the file cannot be read", io.failure());
    if (result != AVERROR_EOF) read_error = error_text(result);
    return false;
}

Demuxer::Demuxer(const Source& source, std::int32_t stream) : impl_(std::make_unique<Impl>(source)) {
    const AVInputFormat& format = recognise(source, impl_->io);
    // NOFILLIN: timestamps are the container's and not made up. NOPARSE: packets are the container's too. Only a container
    // that does not know where pictures begin needs a parser to find them.
    const std::string_view name = format.name;
    const bool knows_pictures = name.starts_with("mov,") || name.starts_with("matroska");
    (void)take_decoder_remarks();
    impl_->input = open_input(impl_->io, format, AVFMT_FLAG_NOFILLIN | (knows_pictures ? AVFMT_FLAG_NOPARSE : 0));
    const bool encoding_unread = take_decoder_remarks().unread_encoding;
    impl_->choose_stream(stream);
    if (encoding_unread) impl_->encrypted = is_encrypted_track(source, impl_->place_among_videos());
    // FFmpeg uses a parser for these codecs in every container. An edit list's marks on hidden pictures are set behind that
    // parser, which gives out each picture late. Without the parser they would be on other pictures than in FFmpeg's output.
    const AVCodecID codec = impl_->stream->codecpar->codec_id;
    if (codec == AV_CODEC_ID_MPEG1VIDEO || codec == AV_CODEC_ID_VC1) impl_->input->flags &= ~AVFMT_FLAG_NOPARSE;
    impl_->has_sample_table = name.starts_with("mov,");
    impl_->cuts_packets = name == "mpegts" || name == "mpeg" || name.starts_with("asf");
}

Demuxer::~Demuxer() = default;

StreamParameters Demuxer::chosen_stream() const {
    StreamParameters parameters = stream_parameters(*impl_->stream);
    parameters.encrypted = parameters.encrypted || impl_->encrypted;
    return parameters;
}

std::string Demuxer::format() const {
    return impl_->input->iformat->name;
}

std::vector<StreamFacts> Demuxer::streams() const {
    std::vector<StreamFacts> facts;
    for (unsigned i = 0; i < impl_->input->nb_streams; ++i) {
        const AVStream* stream = impl_->input->streams[i];
        const char* kind = av_get_media_type_string(stream->codecpar->codec_type);
        facts.push_back({kind != nullptr ? kind : "unknown", avcodec_get_name(stream->codecpar->codec_id)});
    }
    return facts;
}

bool Demuxer::has_sample_table() const noexcept {
    return impl_->has_sample_table;
}

bool Demuxer::has_timestamps() const noexcept {
    return (impl_->input->iformat->flags & AVFMT_NOTIMESTAMPS) == 0;
}

bool Demuxer::packets_are_contiguous() const noexcept {
    return !impl_->cuts_packets;
}

bool Demuxer::seek(std::int64_t position) {
    if (!impl_->cuts_packets || position < 0) return false;
    impl_->packet_waits = false;
    av_packet_unref(impl_->packet.get());
    return av_seek_frame(impl_->input.get(), -1, position, AVSEEK_FLAG_BYTE) >= 0;
}

std::int64_t Demuxer::listed_packets() const noexcept {
    return impl_->has_sample_table ? avformat_index_get_entries_count(impl_->stream) : 0;
}

void Demuxer::skip_listed_bytes() {
    if (!impl_->has_sample_table) return;
    std::vector<SourceIo::Range> ranges;
    std::int64_t listed_bytes = 0;
    for (unsigned s = 0; s < impl_->input->nb_streams; ++s) {
        AVStream* stream = impl_->input->streams[s];
        const int count = avformat_index_get_entries_count(stream);
        for (int i = 0; i < count; ++i) {
            const AVIndexEntry* entry = avformat_index_get_entry(stream, i);
            if (entry->pos < 0 || entry->size <= 0) continue;
            ranges.push_back({entry->pos, entry->pos + entry->size});
            listed_bytes += entry->size;
        }
    }
    impl_->io.skip(std::move(ranges));
    // Zeros go straight into packets instead of through FFmpeg's buffer. Not where fragments may follow, whose headers are
    // read in small pieces.
    if (listed_bytes > avio_size(impl_->io.context()) / 2) impl_->io.context()->direct = AVIO_FLAG_DIRECT;
}

std::optional<DemuxedPacket> Demuxer::next() {
    AVPacket& packet = *impl_->packet;
    while (true) {
        if (!std::exchange(impl_->packet_waits, false) && !impl_->read_packet()) return {};
        // The ffmpeg program leaves out empty packets as well.
        if (packet.stream_index != impl_->stream->index || packet.size <= 0) continue;
        DemuxedPacket next;
        next.bytes = {packet.data, static_cast<std::size_t>(packet.size)};
        next.position = packet.pos;
        if (impl_->unpacker) {
            const auto [bytes, position] = impl_->unpacker->take(next.bytes, next.position);
            next.bytes = bytes;
            next.position = position;
        }
        std::size_t extradata_size = 0;
        const std::uint8_t* extradata = av_packet_get_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, &extradata_size);
        next.extradata = {extradata, extradata_size};
        std::size_t palette_size = 0;
        const std::uint8_t* palette = av_packet_get_side_data(&packet, AV_PKT_DATA_PALETTE, &palette_size);
        next.palette = {palette, palette_size};
        next.has_pts = is_time(packet.pts);
        next.pts = next.has_pts ? packet.pts : 0;
        next.has_dts = is_time(packet.dts);
        next.dts = next.has_dts ? packet.dts : 0;
        next.duration = is_time(packet.duration) ? packet.duration : 0;
        next.key = (packet.flags & AV_PKT_FLAG_KEY) != 0;
        next.discard = (packet.flags & AV_PKT_FLAG_DISCARD) != 0;
        next.encrypted = av_packet_get_side_data(&packet, AV_PKT_DATA_ENCRYPTION_INFO, nullptr) != nullptr;
        next.truncated = (packet.flags & AV_PKT_FLAG_CORRUPT) != 0;
        return next;
    }
}

const std::string& Demuxer::read_error() const noexcept {
    return impl_->read_error;
}

}  // namespace kf::media
