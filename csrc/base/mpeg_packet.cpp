#include "base/mpeg_packet.hpp"

#include <bit>

#include "base/bit_reader.hpp"
#include "base/nal_units.hpp"

namespace kf {
namespace {

using Bytes = std::span<const std::uint8_t>;

/// Calls visit(code, payload) for every start code.
template <class Visit>
void for_each_start_code(Bytes bytes, Visit visit) {
    for (std::size_t at = find_start_code(bytes, 0); at + 3 < bytes.size(); at = find_start_code(bytes, at + 3)) {
        visit(bytes[at + 3], bytes.subspan(at + 4));
    }
}

namespace mpeg12 {
constexpr unsigned picture = 0x00;
constexpr unsigned sequence_header = 0xB3;
constexpr unsigned extension = 0xB5;
constexpr unsigned group_of_pictures = 0xB8;
constexpr unsigned quantiser_matrices = 3;  // kinds of extension
constexpr unsigned picture_coding = 8;
constexpr unsigned i_picture = 1;
constexpr unsigned b_picture = 3;
constexpr unsigned frame_structure = 3;
}  // namespace mpeg12

namespace mpeg4 {
constexpr unsigned first_layer = 0x20;
constexpr unsigned last_layer = 0x2F;
constexpr unsigned user_data = 0xB2;
constexpr unsigned group_of_planes = 0xB3;
constexpr unsigned plane = 0xB6;
constexpr unsigned i_plane = 0;
constexpr unsigned b_plane = 2;
}  // namespace mpeg4

namespace vc1 {
constexpr unsigned entry_point = 0x0E;
constexpr unsigned sequence_header = 0x0F;
}  // namespace vc1

/// ISO/IEC 14496-2, 6.2.3, up to `interlaced`. The number of bits of a plane's time goes to `time_bits`.
bool layer_is_interlaced(Bytes header, int& time_bits) noexcept {
    BitReader reader(header);
    reader.skip(1 + 8);
    unsigned version = 1;
    if (reader.flag()) {
        version = reader.bits(4);
        reader.skip(3);
    }
    if (reader.bits(4) == 15) reader.skip(16);  // aspect ratio
    if (reader.flag()) {                        // control parameters
        reader.skip(3);
        if (reader.flag()) reader.skip(79);  // buffer parameters
    }
    const unsigned shape = reader.bits(2);
    if (shape == 3 && version != 1) reader.skip(4);
    reader.skip(1);
    const unsigned resolution = reader.bits(16);
    time_bits = resolution > 1 ? static_cast<int>(std::bit_width(resolution - 1)) : 1;
    reader.skip(1);
    if (reader.flag()) reader.skip(static_cast<std::size_t>(time_bits));
    if (shape != 0) return true;  // not rectangular: not looked into
    reader.skip(1 + 13 + 1 + 13 + 1);
    return reader.flag() || reader.past_end();
}

}  // namespace

Mpeg12Packet read_mpeg12_packet(Bytes bytes) noexcept {
    Mpeg12Packet packet;
    for_each_start_code(bytes, [&packet](unsigned code, Bytes payload) {
        BitReader reader(payload);
        if (code == mpeg12::picture) {
            reader.skip(10);  // temporal reference
            const unsigned type = reader.bits(3);
            if (packet.pictures++ == 0) packet.first_intra = type == mpeg12::i_picture;
            packet.only_b = packet.only_b && type == mpeg12::b_picture;
        } else if (code == mpeg12::sequence_header) {
            packet.sequence_header = packet.sequence_header || packet.pictures == 0;
            packet.changes_header = true;
        } else if (code == mpeg12::group_of_pictures) {
            packet.changes_header = true;
        } else if (code == mpeg12::extension) {
            const unsigned kind = reader.bits(4);
            if (kind == mpeg12::quantiser_matrices) packet.changes_header = true;
            if (kind == mpeg12::picture_coding && packet.pictures == 1) {
                reader.skip(16 + 2);
                packet.field = reader.bits(2) != mpeg12::frame_structure;
            }
        }
    });
    return packet;
}

Mpeg4Packet read_mpeg4_packet(Bytes bytes, int& time_bits) noexcept {
    Mpeg4Packet packet;
    for_each_start_code(bytes, [&](unsigned code, Bytes payload) {
        if (code >= mpeg4::first_layer && code <= mpeg4::last_layer) {
            packet.layer_header = true;
            packet.interlaced = layer_is_interlaced(payload, time_bits);
        } else if (code == mpeg4::user_data) {
            packet.user_data = true;
        } else if (code == mpeg4::group_of_planes) {
            packet.group_header = true;
        } else if (code == mpeg4::plane) {
            BitReader reader(payload);
            const unsigned type = reader.bits(2);
            while (reader.flag()) {
            }
            reader.skip(static_cast<std::size_t>(time_bits) + 2);  // between two markers
            const bool coded = reader.flag();
            if (packet.planes++ == 0) packet.first_intra = type == mpeg4::i_plane && coded;
            packet.only_b = packet.only_b && type == mpeg4::b_plane && coded;
        }
    });
    return packet;
}

Vc1Packet read_vc1_packet(Bytes bytes) noexcept {
    Vc1Packet packet;
    for_each_start_code(bytes, [&packet](unsigned code, Bytes) {
        packet.sequence_header = packet.sequence_header || code == vc1::sequence_header;
        packet.entry_point = packet.entry_point || code == vc1::entry_point;
    });
    return packet;
}

}  // namespace kf
