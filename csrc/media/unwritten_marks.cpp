#include "media/unwritten_marks.hpp"

#include <array>
#include <cstring>

namespace kf::media {
namespace {

// A mark lies in the middle of each smallest coding block, where no filter of the neighbouring blocks reaches. As samples of
// 9 to 15 bits these numbers are larger than any sample. Eight samples of 8 bits equal a mark by chance once in 2^64 times.
constexpr std::array<std::uint8_t, 8> mark{0xF3, 0xE1, 0x5A, 0xD7, 0x2C, 0xFB, 0x91, 0xEE};
constexpr int block = 16;
constexpr int middle = 4;

/// Calls visit(place) for each place of a mark in the luma plane until it returns true. Returns whether one call did.
template <class Visit>
bool for_each_mark(const AVFrame& frame, Visit visit) noexcept {
    const AVPixFmtDescriptor* descriptor = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    if (descriptor == nullptr || frame.data[0] == nullptr) return false;
    const std::ptrdiff_t sample = descriptor->comp[0].step;
    const auto samples = static_cast<int>(mark.size()) / static_cast<int>(sample);
    for (int y = middle; y < frame.height; y += block) {
        for (int x = middle; x + samples <= frame.width; x += block) {
            if (visit(frame.data[0] + y * std::ptrdiff_t{frame.linesize[0]} + x * sample)) return true;
        }
    }
    return false;
}

}  // namespace

bool leaves_parts_unwritten(AVCodecID codec) noexcept {
    return codec == AV_CODEC_ID_HEVC || codec == AV_CODEC_ID_MJPEG || codec == AV_CODEC_ID_VC1 || codec == AV_CODEC_ID_WMV3;
}

int get_marked_buffer(AVCodecContext* context, AVFrame* frame, int flags) noexcept {
    const int result = avcodec_default_get_buffer2(context, frame, flags);
    if (result < 0) return result;
    (void)for_each_mark(*frame, [](std::uint8_t* place) {
        std::memcpy(place, mark.data(), mark.size());
        return false;
    });
    return result;
}

bool has_unwritten_parts(const AVFrame& frame) noexcept {
    return for_each_mark(frame, [](const std::uint8_t* place) { return std::memcmp(place, mark.data(), mark.size()) == 0; });
}

}  // namespace kf::media
