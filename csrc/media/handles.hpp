// FFmpeg's handles as owning pointers. A handle has one owner and is used by one thread at a time. Only files of media
// include this: it brings FFmpeg's headers, which no other room sees.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/pixdesc.h>
}

#include <memory>
#include <string>

namespace kf::media {

template <auto Free>
struct FreeByAddress {
    template <class T>
    void operator()(T* handle) const noexcept {
        Free(&handle);
    }
};

using CodecHandle = std::unique_ptr<AVCodecContext, FreeByAddress<avcodec_free_context>>;
using PacketHandle = std::unique_ptr<AVPacket, FreeByAddress<av_packet_free>>;
using FrameHandle = std::unique_ptr<AVFrame, FreeByAddress<av_frame_free>>;
using InputHandle = std::unique_ptr<AVFormatContext, FreeByAddress<avformat_close_input>>;

/// Frees a packet's data when a scope ends. The AVPacket itself stays and is used again.
class PacketData {
public:
    explicit PacketData(AVPacket& packet) noexcept : packet_(packet) {}
    ~PacketData() { av_packet_unref(&packet_); }
    PacketData(const PacketData&) = delete;
    PacketData& operator=(const PacketData&) = delete;

private:
    AVPacket& packet_;
};

/// FFmpeg's text for an error code.
[[nodiscard]] inline std::string error_text(int code) {
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    av_strerror(code, text, sizeof text);
    return text;
}

}  // namespace kf::media
