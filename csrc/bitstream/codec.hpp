// The codecs that are read, by FFmpeg's names for them. Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace kf::bitstream {

enum class Codec : std::uint8_t {
    unknown,
    h264,
    hevc,
    vp6,
    vp8,
    vp9,
    av1,
    mpeg12,  ///< MPEG-1 and MPEG-2
    mpeg4,   ///< MPEG-4 part 2
    vc1,     ///< the advanced profile
    wmv3,    ///< the simple and main profiles
    wmv2,
    msmpeg4,  ///< its versions 1 to 3, and WMV1
    h263,     ///< ITU-T H.263, and Sorenson's form of it in FLV
    mjpeg,
    raw,
};

[[nodiscard]] Codec codec_of(std::string_view name) noexcept;

/// Whether packets hold NAL units, whose parameter sets have ids.
[[nodiscard]] constexpr bool has_nal_units(Codec codec) noexcept {
    return codec == Codec::h264 || codec == Codec::hevc;
}

}  // namespace kf::bitstream
