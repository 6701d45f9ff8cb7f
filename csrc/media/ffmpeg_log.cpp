#include "media/ffmpeg_log.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "media/ffmpeg_log_texts.hpp"
#include "media/handles.hpp"

namespace kf::media {
namespace {

constexpr std::size_t capacity = 256;
thread_local char last_log_line[capacity] = {};
thread_local DecoderRemarks remarks;

std::optional<LogMeaning> meaning_of(std::string_view text) noexcept {
    for (const LogText& known : log_texts) {
        if (text.starts_with(known.text)) return known.meaning;
    }
    return {};
}

void note_remark(LogMeaning meaning, va_list arguments) noexcept {
    switch (meaning) {
        case LogMeaning::missing_reference: remarks.missing_reference = true; break;
        case LogMeaning::missing_picture: remarks.missing_picture = true; break;
        case LogMeaning::unread_encoding: remarks.unread_encoding = true; break;
        case LogMeaning::workarounds: {
            va_list copy;
            va_copy(copy, arguments);
            remarks.lenient = remarks.lenient || (va_arg(copy, int) & FF_BUG_NO_PADDING) != 0;
            va_end(copy);
            break;
        }
        case LogMeaning::concealed:            // the picture is marked as well
        case LogMeaning::refused_size: break;  // asked of the line: see says_size_refused
    }
}

/// The flag of a decoder with threads of its own (decoder_setup.hpp); nullptr for whatever else logs.
std::atomic<bool>* flag_of(void* context) noexcept {
    if (context == nullptr || *static_cast<const AVClass* const*>(context) != avcodec_get_class()) return nullptr;
    const auto* decoder = static_cast<const AVCodecContext*>(context);
    return decoder->thread_count > 1 ? static_cast<std::atomic<bool>*>(decoder->opaque) : nullptr;
}

/// Whether a decoder with threads of its own that says this may have met damage. An error or a concealed picture counts as
/// well, because such a decoder may give a picture out before it marks the picture as damaged.
bool may_tell_of_damage(int level, const char* format) noexcept {
    if (level <= AV_LOG_ERROR) return true;
    return level <= AV_LOG_DEBUG && meaning_of(format);
}

void remember(void* context, int level, const char* format, va_list arguments) noexcept {
    // No thread-local data here: the system could not make them on a thread of libavcodec's where memory has run out.
    if (auto* flag = flag_of(context)) {
        if (may_tell_of_damage(level, format)) *flag = true;
        return;
    }
    if (level <= AV_LOG_DEBUG) {
        if (const auto meaning = meaning_of(format)) note_remark(*meaning, arguments);
    }
    if (level <= AV_LOG_WARNING) std::vsnprintf(last_log_line, capacity, format, arguments);
}

}  // namespace

void capture_ffmpeg_log() noexcept {
    av_log_set_callback(remember);
}

std::string take_log_line() {
    std::string line = last_log_line;
    last_log_line[0] = '\0';
    const auto is_text = [](char c) { return c != '\n' && c != ' ' && c != '.'; };
    line.erase(std::find_if(line.rbegin(), line.rend(), is_text).base(), line.end());
    return line;
}

std::string take_reason(int error) {
    std::string line = take_log_line();
    return line.empty() && error < 0 ? error_text(error) : line;
}

DecoderRemarks take_decoder_remarks() noexcept {
    return std::exchange(remarks, {});
}

bool says_size_refused(std::string_view log_line) noexcept {
    return meaning_of(log_line) == LogMeaning::refused_size;
}

}  // namespace kf::media
