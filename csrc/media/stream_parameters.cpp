#include "media/stream_parameters.hpp"

#include <cmath>

#include "media/handles.hpp"

extern "C" {
#include <libavutil/display.h>
}

namespace kf::media {
namespace {

/// The display matrix of a stream, or null.
const std::int32_t* display_matrix(const AVStream& stream) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
    const AVPacketSideData* data = av_packet_side_data_get(stream.codecpar->coded_side_data,
                                                           stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    const bool whole = data != nullptr && data->size >= 9 * sizeof(std::int32_t);
    return whole ? reinterpret_cast<const std::int32_t*>(data->data) : nullptr;
#else
    std::size_t size = 0;
    const std::uint8_t* data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    return size >= 9 * sizeof(std::int32_t) ? reinterpret_cast<const std::int32_t*>(data) : nullptr;
#endif
}

std::int32_t rotation_of(const AVStream& stream) {
    const std::int32_t* matrix = display_matrix(stream);
    if (matrix == nullptr) return 0;
    const double counterclockwise = av_display_rotation_get(matrix);
    const int quarters = std::isfinite(counterclockwise) ? static_cast<int>(std::lround(-counterclockwise / 90.0)) : 0;
    return (quarters % 4 + 4) % 4 * 90;
}

}  // namespace

StreamParameters stream_parameters(const AVStream& stream) {
    const AVCodecParameters& parameters = *stream.codecpar;
    StreamParameters info;
    info.codec = avcodec_get_name(parameters.codec_id);
    info.has_decoder = avcodec_find_decoder(parameters.codec_id) != nullptr;
    info.hints = {
        parameters.codec_tag,   parameters.width,       parameters.height,         parameters.bits_per_coded_sample,
        parameters.color_range, parameters.color_space, parameters.chroma_location};
    info.time_base = {stream.time_base.num, stream.time_base.den};
    if (stream.avg_frame_rate.num > 0 && stream.avg_frame_rate.den > 0)
        info.average_rate = {stream.avg_frame_rate.num, stream.avg_frame_rate.den};
    info.rotation = rotation_of(stream);
    if (parameters.extradata_size > 0)
        info.extradata.assign(parameters.extradata, parameters.extradata + parameters.extradata_size);
    return info;
}

}  // namespace kf::media
