#include "media/stream_parameters.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "media/handles.hpp"
#include "media/picture_properties.hpp"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/intreadwrite.h>
}

namespace kf::media {
namespace {

constexpr std::uint32_t most_cropped = 1U << 16;  // as much as a side of a picture can have

/// Side data of a stream, or nothing where it is shorter than `least`.
std::span<const std::uint8_t> side_data(const AVStream& stream, AVPacketSideDataType type, std::size_t least) noexcept {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
    const AVPacketSideData* data =
        av_packet_side_data_get(stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, type);
    return data != nullptr && data->size >= least ? std::span(data->data, data->size) : std::span<const std::uint8_t>();
#else
    std::size_t size = 0;
    const std::uint8_t* data = av_stream_get_side_data(&stream, type, &size);
    return data != nullptr && size >= least ? std::span(data, size) : std::span<const std::uint8_t>();
#endif
}

/// Like the ffmpeg program, which asks one number of the matrix whether the picture is mirrored.
base::Orientation orientation_of(const AVStream& stream) {
    const auto data = side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(std::int32_t));
    if (data.empty()) return {};
    const auto* matrix = reinterpret_cast<const std::int32_t*>(data.data());
    const double counterclockwise = av_display_rotation_get(matrix);
    if (!std::isfinite(counterclockwise)) return {};
    const int quarters = static_cast<int>(std::lround(-counterclockwise / 90.0));
    switch ((quarters % 4 + 4) % 4) {
        case 1: return {90, matrix[3] > 0};
        case 2: return {180, matrix[4] > 0};
        case 3: return {270, matrix[3] < 0};
        default: return {0, matrix[4] < 0};
    }
}

/// PixelCrop of Matroska and the clean aperture of MP4.
index::Cropping cropping_of(const AVStream& stream) noexcept {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 10, 100)
    const auto data = side_data(stream, AV_PKT_DATA_FRAME_CROPPING, 4 * sizeof(std::uint32_t));
    if (data.empty()) return {};
    const auto side = [&data](std::size_t i) {
        return static_cast<std::int32_t>(std::min(AV_RL32(&data[4 * i]), most_cropped));
    };
    return {side(2), side(0), side(3), side(1)};
#else
    return {};
#endif
}

}  // namespace

/// FFmpeg's demuxer of Matroska adds the key's name to the stream. That of MP4 keeps the type of the sample entry, also of
/// an entry that does not tell how its packets are encrypted.
bool is_encrypted(const AVStream& stream) noexcept {
    return stream.codecpar->codec_tag == MKTAG('e', 'n', 'c', 'v') ||
           av_dict_get(stream.metadata, "enc_key_id", nullptr, 0) != nullptr;
}

StreamParameters stream_parameters(const AVStream& stream) {
    const AVCodecParameters& parameters = *stream.codecpar;
    StreamParameters info;
    info.number = stream.index;
    info.codec = avcodec_get_name(parameters.codec_id);
    info.has_decoder = avcodec_find_decoder(parameters.codec_id) != nullptr;
    info.encrypted = is_encrypted(stream);
    info.hints = {
        parameters.codec_tag,   parameters.width,       parameters.height,         parameters.bits_per_coded_sample,
        parameters.color_range, parameters.color_space, parameters.chroma_location};
    info.time_base = {stream.time_base.num, stream.time_base.den};
    if (stream.avg_frame_rate.num > 0 && stream.avg_frame_rate.den > 0)
        info.average_rate = {stream.avg_frame_rate.num, stream.avg_frame_rate.den};
    info.cropping = cropping_of(stream);
    info.orientation = orientation_of(stream);
    info.bit_rate = std::max<std::int64_t>(0, parameters.bit_rate);
    info.properties = properties_of(stream);
    if (parameters.extradata_size > 0)
        info.extradata.assign(parameters.extradata, parameters.extradata + parameters.extradata_size);
    return info;
}

}  // namespace kf::media
