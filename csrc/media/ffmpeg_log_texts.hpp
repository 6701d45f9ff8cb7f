// The texts of FFmpeg's log that this project acts on. FFmpeg reports these facts in its log and nowhere else, so a text
// that changes in another version of FFmpeg would mean that damage is no longer noticed. cmake/FFmpeg.cmake therefore reads
// this table and looks for each text in the FFmpeg that is linked. Plain constants, any thread.
//
// The texts were read from FFmpeg 8.1.2.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace kf::media {

enum class LogMeaning : std::uint8_t {
    /// H.264: a slice refers to a picture that is missing; libavcodec takes another picture. MPEG-4 and its relatives: the
    /// first picture of all refers to another; libavcodec takes a grey picture.
    missing_reference,
    missing_picture,  ///< HEVC: a picture is missing that a slice refers to or keeps for later pictures
    workarounds,      ///< MPEG-4: the encoder errors (FF_BUG_...) that libavcodec makes allowance for; the first argument
    concealed,        ///< any codec: parts of a picture are missing, and libavcodec made them up
    unread_encoding,  ///< Matroska: FFmpeg ignores an encoding of a track, or several: perhaps an encryption
    refused_size,     ///< any codec: the size of the pictures is larger than AVCodecContext.max_pixels, or no valid size
};

/// `text` is how the format string begins.
struct LogText {
    std::string_view text;
    LogMeaning meaning;
};

inline constexpr std::array log_texts{
    LogText{"Missing reference picture", LogMeaning::missing_reference},  // libavcodec/h264_refs.c
    LogText{"reference picture missing", LogMeaning::missing_reference},  // libavcodec/h264_refs.c
    // libavcodec/mpegvideo_dec.c
    LogText{"warning: first frame is no keyframe", LogMeaning::missing_reference},
    LogText{"Could not find ref with POC", LogMeaning::missing_picture},  // libavcodec/hevc/refs.c
    LogText{"bugs: %X", LogMeaning::workarounds},                         // libavcodec/mpeg4videodec.c, with FF_DEBUG_BUGS
    LogText{"concealing %d DC", LogMeaning::concealed},                   // libavcodec/error_resilience.c
    LogText{"Unsupported encoding type", LogMeaning::unread_encoding},    // libavformat/matroskadec.c
    LogText{"Multiple combined encodings", LogMeaning::unread_encoding},  // libavformat/matroskadec.c
    LogText{"Picture size", LogMeaning::refused_size},                    // libavutil/imgutils.c
};

}  // namespace kf::media
