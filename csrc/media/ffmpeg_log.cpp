#include "media/ffmpeg_log.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

extern "C" {
#include <libavutil/log.h>
}

namespace kf {
namespace {

constexpr std::size_t capacity = 256;
thread_local char last_words[capacity] = {};

void remember(void*, int level, const char* format, va_list arguments) noexcept {
    if (level <= AV_LOG_WARNING) std::vsnprintf(last_words, capacity, format, arguments);
}

}  // namespace

void capture_ffmpeg_log() noexcept {
    av_log_set_callback(remember);
}

std::string take_ffmpeg_words() {
    std::string words = last_words;
    last_words[0] = '\0';
    words.erase(std::find_if(words.rbegin(), words.rend(), [](char c) { return c != '\n' && c != ' ' && c != '.'; }).base(),
                words.end());
    return words;
}

}  // namespace kf
