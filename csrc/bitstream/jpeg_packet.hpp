// Whether one packet of the older codecs begins with a picture that needs no other, by its first bits; and JPEG images.
// Pure; never trusts a length.
#pragma once

#include <cstdint>
#include <span>

namespace kf::bitstream {

/// Microsoft's MPEG-4 versions 1 to 3, and WMV1. start_code: version 1 has one.
[[nodiscard]] bool is_msmpeg4_intra(std::span<const std::uint8_t> bytes, bool start_code) noexcept;
[[nodiscard]] bool is_wmv2_intra(std::span<const std::uint8_t> bytes) noexcept;
[[nodiscard]] bool is_h263_intra(std::span<const std::uint8_t> bytes) noexcept;
/// Sorenson's H.263 as FLV has it.
[[nodiscard]] bool is_flv1_intra(std::span<const std::uint8_t> bytes) noexcept;

struct JpegPacket {
    int images = 0;
    std::uint32_t size = 0;         ///< of the first image: height and width as they are written
    bool quantiser_tables = false;  ///< before the first image's data
    bool huffman_tables = false;
};

[[nodiscard]] JpegPacket read_jpeg_packet(std::span<const std::uint8_t> bytes) noexcept;

}  // namespace kf::bitstream
