// FFmpeg is made to log each text of the table, and the callback must notice what it means.
#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>

#include "media/ffmpeg_log.hpp"
#include "media/ffmpeg_log_texts.hpp"
#include "media/handles.hpp"

using kf::media::DecoderRemarks;
using kf::media::LogMeaning;
using kf::media::take_decoder_remarks;
using kf::media::take_log_line;

namespace {

/// Logs a text of the table as FFmpeg does, with one argument.
void log_as_ffmpeg(std::string_view text, int level, int argument) {
    const std::string format = std::string(text) + (text.ends_with("%X") ? "" : " %d") + ".\n";
    av_log(nullptr, level, format.c_str(), argument);
}

void forget_all() {
    kf::media::capture_ffmpeg_log();
    (void)take_log_line();
    (void)take_decoder_remarks();
}

}  // namespace

TEST_CASE("each text of the table is noticed") {
    for (const auto& [text, meaning] : kf::media::log_texts) {
        forget_all();
        log_as_ffmpeg(text, AV_LOG_DEBUG, FF_BUG_NO_PADDING);
        const DecoderRemarks remarks = take_decoder_remarks();
        CAPTURE(text);
        CHECK(remarks.missing_reference == (meaning == LogMeaning::missing_reference));
        CHECK(remarks.missing_picture == (meaning == LogMeaning::missing_picture));
        CHECK(remarks.unread_encoding == (meaning == LogMeaning::unread_encoding));
        CHECK(remarks.lenient == (meaning == LogMeaning::workarounds));
        CHECK(kf::media::says_size_refused(std::string(text) + " 9x9") == (meaning == LogMeaning::refused_size));
    }
}

TEST_CASE("libavcodec is lenient only while it makes allowance for missing padding") {
    forget_all();
    log_as_ffmpeg("bugs: %X", AV_LOG_DEBUG, FF_BUG_AUTODETECT | FF_BUG_UMP4);
    CHECK_FALSE(take_decoder_remarks().lenient);
    log_as_ffmpeg("bugs: %X", AV_LOG_DEBUG, FF_BUG_NO_PADDING | FF_BUG_UMP4);
    log_as_ffmpeg("bugs: %X", AV_LOG_DEBUG, FF_BUG_AUTODETECT);
    CHECK(take_decoder_remarks().lenient);  // a remark stays until it is taken
    CHECK_FALSE(take_decoder_remarks().lenient);
}

TEST_CASE("other texts and finer levels are no remarks") {
    forget_all();
    log_as_ffmpeg("There is a Missing reference picture", AV_LOG_ERROR, 1);
    log_as_ffmpeg("Missing reference picture", AV_LOG_TRACE, 1);
    const DecoderRemarks remarks = take_decoder_remarks();
    CHECK_FALSE(remarks.missing_reference);
}

TEST_CASE("the last error or warning is kept once, without its end of line") {
    forget_all();
    av_log(nullptr, AV_LOG_ERROR, "first %d\n", 1);
    av_log(nullptr, AV_LOG_WARNING, "second %d ...\n", 2);
    av_log(nullptr, AV_LOG_INFO, "third %d\n", 3);
    CHECK(take_log_line() == "second 2");
    CHECK(take_log_line().empty());
}

TEST_CASE("a reason is the log line, or what the error code stands for") {
    forget_all();
    av_log(nullptr, AV_LOG_ERROR, "no header in %d bytes\n", 7);
    CHECK(kf::media::take_reason(AVERROR_INVALIDDATA) == "no header in 7 bytes");
    CHECK(kf::media::take_reason(AVERROR_INVALIDDATA) == kf::media::error_text(AVERROR_INVALIDDATA));
    CHECK(kf::media::take_reason(0).empty());
}

TEST_CASE("what one thread logs is not another thread's") {
    forget_all();
    std::thread([] { log_as_ffmpeg("Missing reference picture", AV_LOG_ERROR, 1); }).join();
    CHECK_FALSE(take_decoder_remarks().missing_reference);
    CHECK(take_log_line().empty());
}

TEST_CASE("what a decoder with threads of its own logs sets its flag, on any thread, and is kept nowhere") {
    forget_all();
    std::atomic<bool> flag = false;
    const kf::media::CodecHandle decoder(avcodec_alloc_context3(nullptr));
    decoder->opaque = &flag;
    decoder->thread_count = 2;
    const auto says = [&](int level, const char* format) {
        flag = false;
        std::thread([&] { av_log(decoder.get(), level, format, 1, 2, 3, 'P'); }).join();
        av_log(decoder.get(), level, format, 1, 2, 3, 'P');
        return flag.load();
    };
    CHECK(says(AV_LOG_ERROR, "error while decoding MB %d %d\n"));
    CHECK(says(AV_LOG_INFO, "concealing %d DC, %d AC, %d MV errors in %c frame\n"));
    CHECK(says(AV_LOG_DEBUG, "Missing reference picture, default is %d\n"));
    CHECK_FALSE(says(AV_LOG_WARNING, "Ignoring multiple VOL headers\n"));
    CHECK_FALSE(says(AV_LOG_VERBOSE, "Reinit context to %dx%d\n"));
    CHECK(take_log_line().empty());
    CHECK_FALSE(take_decoder_remarks().missing_reference);
}

TEST_CASE("what a decoder with one thread logs is kept, whatever its opaque points to") {
    forget_all();
    std::atomic<bool> flag = false;
    const kf::media::CodecHandle decoder(avcodec_alloc_context3(nullptr));
    decoder->opaque = &flag;
    av_log(decoder.get(), AV_LOG_ERROR, "no frame!\n");
    CHECK(take_log_line() == "no frame!");
    CHECK_FALSE(flag);
}
