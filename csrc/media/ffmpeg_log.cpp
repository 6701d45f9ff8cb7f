#include "media/ffmpeg_log.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/log.h>
}

namespace kf::media {
namespace {

constexpr std::size_t capacity = 256;
thread_local char last_log_line[capacity] = {};
thread_local DecoderRemarks remarks;

void note_remark(std::string_view format, va_list arguments) noexcept {
    if (format.starts_with("Missing reference picture") || format.starts_with("reference picture missing")) {
        remarks.missing_reference = true;
    } else if (format.starts_with("Frame num gap")) {
        remarks.frame_number_gap = true;
    } else if (format.starts_with("bugs: %X")) {
        va_list copy;
        va_copy(copy, arguments);
        remarks.lenient = remarks.lenient || (va_arg(copy, int) & FF_BUG_NO_PADDING) != 0;
        va_end(copy);
    }
}

void remember(void*, int level, const char* format, va_list arguments) noexcept {
    if (level <= AV_LOG_DEBUG) note_remark(format, arguments);
    if (level <= AV_LOG_WARNING) std::vsnprintf(last_log_line, capacity, format, arguments);
}

}  // namespace

void capture_ffmpeg_log() noexcept {
    av_log_set_callback(remember);
}

std::string take_log_line() {
    std::string words = last_log_line;
    last_log_line[0] = '\0';
    words.erase(std::find_if(words.rbegin(), words.rend(), [](char c) { return c != '\n' && c != ' ' && c != '.'; }).base(),
                words.end());
    return words;
}

DecoderRemarks take_decoder_remarks() noexcept {
    return std::exchange(remarks, {});
}

}  // namespace kf::media
