#include "bitstream/mpeg12_packet.hpp"

#include "bitstream/bit_reader.hpp"
#include "bitstream/start_codes.hpp"

namespace kf::bitstream {
namespace {

// Start codes: ISO/IEC 13818-2, table 6-1.
constexpr unsigned picture_start_code = 0x00;
constexpr unsigned sequence_header_code = 0xB3;
constexpr unsigned extension_start_code = 0xB5;
constexpr unsigned sequence_end_code = 0xB7;
constexpr unsigned group_start_code = 0xB8;
// extension_start_code_identifier: table 6-2.
constexpr unsigned sequence_extension = 1;
constexpr unsigned quant_matrix_extension = 3;
constexpr unsigned picture_coding_extension = 8;
// picture_coding_type: table 6-12. picture_structure: table 6-14.
constexpr unsigned i_picture = 1;
constexpr unsigned b_picture = 3;
constexpr unsigned frame_picture = 3;

/// picture_header(): 6.2.3.
void read_picture(Mpeg12Packet& packet, Bytes payload) noexcept {
    BitReader reader(payload);
    const auto temporal_reference = static_cast<int>(reader.bits(10));
    const unsigned picture_coding_type = reader.bits(3);
    if (packet.pictures++ == 0) {
        packet.temporal_reference = temporal_reference;
        packet.first_intra = picture_coding_type == i_picture;
    }
    packet.only_b = packet.only_b && picture_coding_type == b_picture;
}

/// sequence_header(): 6.2.2.1.
void read_sequence_header(Mpeg12Packet& packet, Bytes payload) noexcept {
    BitReader reader(payload);
    packet.width = reader.bits(12);
    packet.height = reader.bits(12);
    packet.sequence_header = packet.sequence_header || packet.pictures == 0;
    packet.changes_header = true;
}

/// sequence_extension(): 6.2.2.3. picture_coding_extension(): 6.2.3.1. quant_matrix_extension(): 6.2.3.2.
void read_extension(Mpeg12Packet& packet, Bytes payload) noexcept {
    BitReader reader(payload);
    const unsigned identifier = reader.bits(4);
    if (identifier == sequence_extension && packet.sequence_header) {
        reader.skip(8);                         // profile_and_level_indication
        packet.sampling = reader.bits(1 + 2);   // progressive_sequence, chroma_format
        packet.width |= reader.bits(2) << 12;   // horizontal_size_extension
        packet.height |= reader.bits(2) << 12;  // vertical_size_extension
        reader.skip(12 + 1 + 8);                // bit_rate_extension, marker_bit, vbv_buffer_size_extension
        packet.low_delay = reader.flag();
    } else if (identifier == quant_matrix_extension) {
        packet.changes_header = true;
    } else if (identifier == picture_coding_extension && packet.pictures == 1) {
        reader.skip(16 + 2);  // f_code, intra_dc_precision
        packet.field = reader.bits(2) != frame_picture;
    }
}

}  // namespace

Mpeg12Packet read_mpeg12_packet(Bytes bytes) noexcept {
    Mpeg12Packet packet;
    for_each_start_code(bytes, [&packet](Bytes, Bytes rest) {
        if (rest.empty()) return;
        const Bytes payload = rest.subspan(1);
        switch (rest[0]) {
            case picture_start_code: read_picture(packet, payload); break;
            case sequence_header_code: read_sequence_header(packet, payload); break;
            case extension_start_code: read_extension(packet, payload); break;
            case group_start_code: packet.gop_header = packet.changes_header = true; break;
            case sequence_end_code: packet.ends_sequence = true; break;
            default: break;
        }
    });
    return packet;
}

}  // namespace kf::bitstream
