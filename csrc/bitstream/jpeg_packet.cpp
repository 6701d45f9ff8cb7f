#include "bitstream/jpeg_packet.hpp"

#include <cstddef>

#include "bitstream/bit_reader.hpp"
#include "bitstream/nal_units.hpp"

namespace kf::bitstream {
namespace {

using Bytes = std::span<const std::uint8_t>;

// ITU-T T.81, table B.1.
enum Marker : unsigned {
    define_huffman = 0xC4,
    first_frame = 0xC0,
    last_frame = 0xCF,
    arithmetic_conditioning = 0xCC,
    first_restart = 0xD0,
    end_of_image = 0xD9,
    define_quantisers = 0xDB,
};

bool stands_alone(unsigned marker) noexcept {
    return marker <= 1 || (marker >= first_restart && marker <= end_of_image) || marker == 0xFF;
}

/// Height and width in a frame header: behind marker, length and precision.
Bytes sides_of(Bytes header) noexcept {
    return header.size() < 9 ? Bytes{} : header.subspan(5, 4);
}

}  // namespace

bool is_msmpeg4_intra(Bytes bytes, bool start_code) noexcept {
    BitReader reader(bytes);
    if (start_code) {
        if (reader.bits(32) != 0x100) return false;
        reader.skip(5);
    }
    return reader.bits(2) == 0 && !reader.past_end();
}

bool is_wmv2_intra(Bytes bytes) noexcept {
    return !bytes.empty() && (bytes[0] & 0x80) == 0;
}

bool is_h263_intra(Bytes bytes) noexcept {
    BitReader reader(bytes);
    if (reader.bits(22) != 0x20) return false;
    reader.skip(8);
    if (reader.bits(2) != 2) return false;
    reader.skip(3);
    if (reader.bits(3) != 7) return reader.bit() == 0 && !reader.past_end();
    if (reader.bits(3) != 1) return false;  // PLUSPTYPE that says nothing anew
    reader.skip(18);
    return reader.bits(3) == 0 && !reader.past_end();
}

bool is_flv1_intra(Bytes bytes) noexcept {
    BitReader reader(bytes);
    if (reader.bits(17) != 1) return false;
    reader.skip(5 + 8);
    const unsigned size = reader.bits(3);
    reader.skip(size == 0 ? 16 : size == 1 ? 32 : 0);
    return reader.bits(2) == 0 && !reader.past_end();
}

JpegPacket read_jpeg_packet(Bytes bytes) noexcept {
    JpegPacket packet;
    for (std::size_t at = 0; at + 1 < bytes.size();) {
        const unsigned marker = bytes[at + 1];
        if (bytes[at] != 0xFF || marker == 0) {  // data of a scan
            ++at;
            continue;
        }
        if (stands_alone(marker)) {
            at += marker == 0xFF ? 1 : 2;
            continue;
        }
        if (marker == define_quantisers && packet.images == 0) packet.quantiser_tables = true;
        if (marker == define_huffman && packet.images == 0) packet.huffman_tables = true;
        const bool frame = marker >= first_frame && marker <= last_frame && marker != define_huffman && marker != 0xC8 &&
                           marker != arithmetic_conditioning;
        if (frame && packet.images++ == 0)
            packet.size = static_cast<std::uint32_t>(base::big_endian(sides_of(bytes.subspan(at))));
        if (at + 4 > bytes.size()) break;
        at += 2 + (static_cast<std::size_t>(bytes[at + 2]) << 8 | bytes[at + 3]);
    }
    return packet;
}

}  // namespace kf::bitstream
