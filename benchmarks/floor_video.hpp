// SPDX-License-Identifier: BSD-3-Clause
// A video of kf_floor: its packets in memory, and the facts that decide which of them are sent. Never decodes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace kf_floor {

template <typename T, void (*Free)(T**)>
struct HandleDeleter {
    void operator()(T* handle) const noexcept { Free(&handle); }
};
using FormatPtr = std::unique_ptr<AVFormatContext, HandleDeleter<AVFormatContext, avformat_close_input>>;
using CodecPtr = std::unique_ptr<AVCodecContext, HandleDeleter<AVCodecContext, avcodec_free_context>>;
using ParametersPtr = std::unique_ptr<AVCodecParameters, HandleDeleter<AVCodecParameters, avcodec_parameters_free>>;
using PacketPtr = std::unique_ptr<AVPacket, HandleDeleter<AVPacket, av_packet_free>>;
using FramePtr = std::unique_ptr<AVFrame, HandleDeleter<AVFrame, av_frame_free>>;

inline int check(int result, const std::string& what) {
    if (result < 0) throw std::runtime_error(what + ": FFmpeg error " + std::to_string(result));
    return result;
}

struct Packet {
    PacketPtr data;         // its pts is the frame number, which libavcodec returns with the picture
    bool is_entry = false;  // holds an IDR slice
    bool droppable = true;  // no picture refers to it and it changes no state
};

struct Video {
    ParametersPtr parameters;
    std::vector<Packet> packets;            // in decode order
    std::vector<std::size_t> frame_packet;  // the packet of each frame
    int reorder_depth = 0;
};

inline void read_nal_units(Packet& packet, const AVCodecParameters& parameters) {
    const std::size_t length_size = (parameters.extradata[4] & 3U) + 1U;
    std::span<const std::uint8_t> bytes(packet.data->data, static_cast<std::size_t>(packet.data->size));
    while (bytes.size() > length_size) {
        std::size_t length = 0;
        for (std::size_t i = 0; i < length_size; ++i) length = length << 8U | bytes[i];
        const unsigned header = bytes[length_size];
        const unsigned type = header & 31U;
        const bool referenced = (header >> 5U & 3U) != 0;
        packet.is_entry |= type == 5;
        packet.droppable &= (type == 1 && !referenced) || type == 6 || type == 9 || type == 12;
        bytes = bytes.subspan(std::min(bytes.size(), length_size + length));
    }
}

// Numbers the shown pictures in presentation order. A picture that an edit list hides gets no number.
inline void number_frames(Video& video) {
    std::vector<std::pair<std::int64_t, std::size_t>> shown;
    for (std::size_t i = 0; i < video.packets.size(); ++i) {
        const AVPacket& packet = *video.packets[i].data;
        if (packet.pts == AV_NOPTS_VALUE) throw std::runtime_error("a packet has no pts");
        const auto shown_later = [&](const Packet& other) { return other.data->pts > packet.pts; };
        const auto waiting = std::ranges::count_if(std::span(video.packets).first(i), shown_later);
        video.reorder_depth = std::max(video.reorder_depth, static_cast<int>(waiting));
        const bool hidden = (static_cast<unsigned>(packet.flags) & unsigned{AV_PKT_FLAG_DISCARD}) != 0;
        if (!hidden) shown.emplace_back(packet.pts, i);
    }
    std::ranges::sort(shown);
    for (Packet& packet : video.packets) packet.data->pts = packet.data->dts = AV_NOPTS_VALUE;
    for (const auto& [pts, packet] : shown) {
        video.packets[packet].data->pts = static_cast<std::int64_t>(video.frame_packet.size());
        video.frame_packet.push_back(packet);
    }
}

[[nodiscard]] inline Video load(const std::string& path) {
    AVFormatContext* opened = nullptr;
    check(avformat_open_input(&opened, path.c_str(), nullptr, nullptr), path);
    const FormatPtr format(opened);
    const int stream = check(av_find_best_stream(opened, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0), path);
    const AVCodecParameters& parameters = *format->streams[stream]->codecpar;
    const bool has_avcc = parameters.extradata_size > 6 && parameters.extradata[0] == 1;
    if (parameters.codec_id != AV_CODEC_ID_H264 || !has_avcc) throw std::runtime_error(path + ": not H.264 with avcC");

    Video video;
    video.parameters.reset(avcodec_parameters_alloc());
    check(avcodec_parameters_copy(video.parameters.get(), &parameters), path);
    for (;;) {
        Packet packet{.data = PacketPtr(av_packet_alloc())};
        const int result = av_read_frame(opened, packet.data.get());
        if (result == AVERROR_EOF) break;
        check(result, path);
        if (packet.data->stream_index != stream) continue;
        read_nal_units(packet, parameters);
        video.packets.push_back(std::move(packet));
    }
    number_frames(video);
    return video;
}

}  // namespace kf_floor
