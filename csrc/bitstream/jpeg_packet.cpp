#include "bitstream/jpeg_packet.hpp"

#include <cstddef>

namespace kf::bitstream {
namespace {

// ITU-T T.81, table B.1.
enum Marker : unsigned {
    temporary = 0x01,
    first_frame_header = 0xC0,  // SOF0
    define_huffman = 0xC4,      // DHT
    reserved_jpg = 0xC8,        // JPG
    define_arithmetic = 0xCC,   // DAC
    last_frame_header = 0xCF,   // SOF15
    first_restart = 0xD0,       // RST0; RST0 to RST7, SOI and EOI have no length
    end_of_image = 0xD9,        // EOI
    define_quantisers = 0xDB,   // DQT
    fill = 0xFF,
};

bool has_length(unsigned marker) noexcept {
    return marker > temporary && (marker < first_restart || marker > end_of_image);
}

bool is_frame_header(unsigned marker) noexcept {
    return marker >= first_frame_header && marker <= last_frame_header && marker != define_huffman &&
           marker != reserved_jpg && marker != define_arithmetic;
}

/// Y and X of a frame header, behind marker, Lf and P: B.2.2.
std::uint32_t read_size(Bytes header) noexcept {
    return header.size() < 9 ? 0 : static_cast<std::uint32_t>(base::big_endian(header.subspan(5, 4)));
}

}  // namespace

JpegPacket read_jpeg_packet(Bytes bytes) noexcept {
    JpegPacket packet;
    for (std::size_t at = 0; at + 1 < bytes.size();) {
        const unsigned marker = bytes[at + 1];
        if (bytes[at] != 0xFF || marker == 0 || marker == fill) {  // entropy-coded data, or a fill byte
            ++at;
            continue;
        }
        if (!has_length(marker)) {
            at += 2;
            continue;
        }
        if (marker == define_quantisers && packet.images == 0) packet.quantiser_tables = true;
        if (marker == define_huffman && packet.images == 0) packet.huffman_tables = true;
        if (is_frame_header(marker) && packet.images++ == 0) packet.size = read_size(bytes.subspan(at));
        if (at + 4 > bytes.size()) break;
        at += 2 + base::big_endian(bytes.subspan(at + 2, 2));
    }
    return packet;
}

}  // namespace kf::bitstream
