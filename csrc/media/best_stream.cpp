#include "media/best_stream.hpp"

#include <string>
#include <vector>

#include "base/error.hpp"
#include "media/ffmpeg_log.hpp"
#include "media/input.hpp"

namespace kf::media {
namespace {

/// One dictionary of options per stream, as avformat_find_stream_info takes them.
class StreamOptions {
public:
    StreamOptions(unsigned streams, std::int64_t max_pixels) : options_(streams) {
        for (AVDictionary*& each : options_) av_dict_set_int(&each, "max_pixels", max_pixels, 0);
    }
    ~StreamOptions() {
        for (AVDictionary*& each : options_) av_dict_free(&each);
    }
    StreamOptions(const StreamOptions&) = delete;
    StreamOptions& operator=(const StreamOptions&) = delete;
    [[nodiscard]] AVDictionary** get() noexcept { return options_.empty() ? nullptr : options_.data(); }

private:
    std::vector<AVDictionary*> options_;
};

/// FFmpeg takes no options for the streams of a container without a header, so that a picture of any size would be decoded.
/// No decoder is opened there. FFmpeg reads as much of such a container whether it decodes or not.
void forbid_decoders(AVFormatContext& input) {
    input.codec_whitelist = av_strdup("none");
    if (input.codec_whitelist == nullptr) throw std::bad_alloc();
}

}  // namespace

std::int32_t best_stream(const Source& source, std::int64_t max_pixels) {
    SourceIo io(source);
    const InputHandle input = open_input(io, recognise(source, io), 0);
    if ((input->ctx_flags & AVFMTCTX_NOHEADER) != 0) forbid_decoders(*input);
    StreamOptions options(input->nb_streams, max_pixels);
    (void)avformat_find_stream_info(input.get(), options.get());  // a stream without parameters may still be chosen
    const int best = av_find_best_stream(input.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    if (!io.failure().empty())
        throw base::Failure(base::ErrorCode::open, base::Stage::read, "the file cannot be read", io.failure());
    (void)take_log_line();  // of what was only tried
    if (best < 0 || !is_picture_stream(*input->streams[best]))
        throw base::Failure(base::ErrorCode::not_video, base::Stage::index, "there is no video stream in this file");
    return best;
}

}  // namespace kf::media
