#include "media/input.hpp"

#include <new>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "media/ffmpeg_log.hpp"
#include "media/mp4_edit_lists.hpp"

namespace kf::media {

using base::ErrorCode;
using base::Failure;
using base::Stage;

namespace {

constexpr std::int64_t most_edits_read = 4096;

/// AVFormatContext::io_open. A container may name other files (data references of MP4, playlists); none is opened.
int refuse_other_files(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) noexcept {
    return AVERROR(EPERM);
}

}  // namespace

const AVInputFormat& recognise(const Source& source, SourceIo& io) {
    if (source.size() == 0) throw Failure(ErrorCode::corrupt, Stage::index, "the file is empty (0 bytes)");
    (void)take_log_line();
    const AVInputFormat* format = nullptr;
    if (const int result = av_probe_input_buffer2(io.context(), &format, "", nullptr, 0, 0); result < 0) {
        throw Failure(ErrorCode::not_video, Stage::index,
                      "no video container is recognised; the file is not a video, or its container is not supported",
                      take_reason(result));
    }
    if (std::string_view(format->name).starts_with("mov,") && longest_edit_list(source) > most_edits_read) {
        throw Failure(ErrorCode::unsupported, Stage::index,
                      "an edit list of the file has more than " + std::to_string(most_edits_read) + " entries");
    }
    return *format;
}

InputHandle open_input(SourceIo& io, const AVInputFormat& format, int flags) {
    AVFormatContext* input = avformat_alloc_context();
    if (input == nullptr) throw std::bad_alloc();
    input->pb = io.context();
    input->io_open = refuse_other_files;
    input->flags |= flags;
    const int result = avformat_open_input(&input, nullptr, &format, nullptr);  // frees `input` where it fails
    if (result >= 0) return InputHandle(input);
    if (!io.failure().empty()) throw Failure(ErrorCode::open, Stage::read, "the file cannot be read", io.failure());
    throw Failure(ErrorCode::corrupt, Stage::index,
                  "the container's header cannot be read; the file is damaged or incomplete", take_reason(result));
}

bool is_picture_stream(const AVStream& stream) noexcept {
    return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO && (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) == 0;
}

}  // namespace kf::media
