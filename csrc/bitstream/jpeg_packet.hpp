// What the markers of one Motion JPEG packet say: ITU-T T.81, annex B. Pure; any thread; knows no other packet and never
// trusts a length.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace kf::bitstream {

using base::Bytes;

struct JpegPacket {
    int images = 0;                 ///< frame headers (SOF)
    std::uint32_t size = 0;         ///< of the first image: height and width, 16 bits each, as they are written
    bool quantiser_tables = false;  ///< DQT in front of the first image's data
    bool huffman_tables = false;    ///< DHT in front of the first image's data
};

[[nodiscard]] JpegPacket read_jpeg_packet(Bytes bytes) noexcept;

}  // namespace kf::bitstream
