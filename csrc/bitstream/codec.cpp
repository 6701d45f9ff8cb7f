#include "bitstream/codec.hpp"

#include <array>
#include <utility>

namespace kf::bitstream {

Codec codec_of(std::string_view name) noexcept {
    constexpr std::array<std::pair<std::string_view, Codec>, 22> names{{
        {"h264", Codec::h264},         {"hevc", Codec::hevc},         {"vp6", Codec::vp6},
        {"vp6f", Codec::vp6},          {"vp6a", Codec::vp6},          {"vp8", Codec::vp8},
        {"vp9", Codec::vp9},           {"av1", Codec::av1},           {"mpeg1video", Codec::mpeg12},
        {"mpeg2video", Codec::mpeg12}, {"mpeg4", Codec::mpeg4},       {"vc1", Codec::vc1},
        {"wmv3", Codec::wmv3},         {"wmv2", Codec::wmv2},         {"wmv1", Codec::msmpeg4},
        {"msmpeg4v1", Codec::msmpeg4}, {"msmpeg4v2", Codec::msmpeg4}, {"msmpeg4v3", Codec::msmpeg4},
        {"h263", Codec::h263},         {"flv1", Codec::h263},         {"mjpeg", Codec::mjpeg},
        {"rawvideo", Codec::raw},
    }};
    for (const auto& [known, codec] : names) {
        if (known == name) return codec;
    }
    return Codec::unknown;
}

}  // namespace kf::bitstream
