#include "bitstream/mpeg12_packet.hpp"

#include <bit>

#include "bitstream/bit_reader.hpp"
#include "bitstream/nal_units.hpp"

namespace kf::bitstream {
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
constexpr unsigned end_of_sequence = 0xB7;
constexpr unsigned group_of_pictures = 0xB8;
constexpr unsigned sequence = 1;  // kinds of extension
constexpr unsigned quantiser_matrices = 3;
constexpr unsigned picture_coding = 8;
constexpr unsigned i_picture = 1;
constexpr unsigned b_picture = 3;
constexpr unsigned frame_structure = 3;
}  // namespace mpeg12

namespace mpeg4 {
constexpr unsigned first_vol = 0x20;
constexpr unsigned last_vol = 0x2F;
constexpr unsigned user_data = 0xB2;
constexpr unsigned group_of_vop = 0xB3;
constexpr unsigned vop = 0xB6;
constexpr unsigned i_vop = 0;
constexpr unsigned b_vop = 2;
constexpr unsigned simple = 1;  // types of layer
constexpr unsigned advanced_simple = 17;
}  // namespace mpeg4

/// ISO/IEC 13818-2, 6.2.2.1 and 6.2.2.3.
void read_sequence(Mpeg12Packet& packet, Bytes payload) noexcept {
    BitReader reader(payload);
    packet.width = reader.bits(12);
    packet.height = reader.bits(12);
    packet.sequence_header = packet.sequence_header || packet.pictures == 0;
    packet.changes_header = true;
}

void read_extension(Mpeg12Packet& packet, Bytes payload) noexcept {
    BitReader reader(payload);
    const unsigned kind = reader.bits(4);
    if (kind == mpeg12::sequence && packet.sequence_header) {
        reader.skip(8 + 1 + 2);
        packet.width |= reader.bits(2) << 12;
        packet.height |= reader.bits(2) << 12;
        reader.skip(12 + 1 + 8);
        packet.low_delay = reader.flag();
    } else if (kind == mpeg12::quantiser_matrices) {
        packet.changes_header = true;
    } else if (kind == mpeg12::picture_coding && packet.pictures == 1) {
        reader.skip(16 + 2);
        packet.field = reader.bits(2) != mpeg12::frame_structure;
    }
}

/// ISO/IEC 14496-2, 6.2.3, up to `interlaced`.
Mpeg4Vol read_vol(Bytes payload) noexcept {
    Mpeg4Vol vol;
    BitReader reader(payload);
    reader.skip(1);
    const unsigned type = reader.bits(8);
    unsigned version = 1;
    if (reader.flag()) {
        version = reader.bits(4);
        reader.skip(3);
    }
    if (reader.bits(4) == 15) reader.skip(16);  // aspect ratio
    vol.low_delay = vol.delay_assumed = type == mpeg4::simple || type == mpeg4::advanced_simple;
    vol.delay_known = reader.flag();
    if (vol.delay_known) {
        vol.delay_assumed = false;
        reader.skip(2);
        vol.low_delay = reader.flag();
        if (reader.flag()) reader.skip(79);  // buffer parameters
    }
    const unsigned shape = reader.bits(2);
    if (shape == 3 && version != 1) reader.skip(4);
    reader.skip(1);
    vol.ticks = reader.bits(16);
    vol.time_bits = vol.ticks > 1 ? static_cast<int>(std::bit_width(static_cast<unsigned>(vol.ticks - 1))) : 1;
    reader.skip(1);
    if (reader.flag()) reader.skip(static_cast<std::size_t>(vol.time_bits));
    reader.skip(1);
    const unsigned width = reader.bits(13);
    reader.skip(1);
    const unsigned height = reader.bits(13);
    reader.skip(1);
    vol.macroblocks = (width + 15) / 16 * ((height + 15) / 16);
    vol.interlaced = reader.flag() || shape != 0 || reader.past_end();
    return vol;
}

void read_vop(Mpeg4Packet& packet, Bytes payload, const Mpeg4Vol& vol) noexcept {
    BitReader reader(payload);
    const unsigned type = reader.bits(2);
    packet.bytes = payload.size();
    packet.intra = type == mpeg4::i_vop;
    packet.b_vop = type == mpeg4::b_vop;
    while (reader.flag()) ++packet.seconds;
    reader.skip(1);
    packet.ticks = reader.bits(vol.time_bits);
    reader.skip(1);
    packet.coded = reader.flag();
}

/// Hours, minutes and seconds of a group's header.
std::int64_t read_gov(Bytes payload) noexcept {
    BitReader reader(payload);
    const unsigned hours = reader.bits(5);
    const unsigned minutes = reader.bits(6);
    reader.skip(1);
    return std::int64_t{reader.bits(6)} + 60 * (minutes + 60 * std::int64_t{hours});
}

}  // namespace

Mpeg12Packet read_mpeg12_packet(Bytes bytes) noexcept {
    Mpeg12Packet packet;
    for_each_start_code(bytes, [&packet](unsigned code, Bytes payload) {
        if (code == mpeg12::picture) {
            BitReader reader(payload);
            const auto temporal_reference = static_cast<int>(reader.bits(10));
            const unsigned type = reader.bits(3);
            if (packet.pictures++ == 0) {
                packet.temporal_reference = temporal_reference;
                packet.first_intra = type == mpeg12::i_picture;
            }
            packet.only_b = packet.only_b && type == mpeg12::b_picture;
        } else if (code == mpeg12::sequence_header) {
            read_sequence(packet, payload);
        } else if (code == mpeg12::extension) {
            read_extension(packet, payload);
        } else if (code == mpeg12::group_of_pictures) {
            packet.gop_header = packet.changes_header = true;
        } else if (code == mpeg12::end_of_sequence) {
            packet.ends_sequence = true;
        }
    });
    return packet;
}

Mpeg4Packet read_mpeg4_packet(Bytes bytes, Mpeg4Vol& vol) noexcept {
    Mpeg4Packet packet;
    for_each_start_code(bytes, [&](unsigned code, Bytes payload) {
        if (code >= mpeg4::first_vol && code <= mpeg4::last_vol) {
            packet.vol_header = true;
            vol = read_vol(payload);
        } else if (code == mpeg4::user_data) {
            packet.user_data = true;
        } else if (code == mpeg4::group_of_vop) {
            packet.gop_header = true;
            packet.group_seconds = read_gov(payload);
        } else if (code == mpeg4::vop && packet.vops++ == 0) {
            read_vop(packet, payload, vol);
        }
    });
    return packet;
}

}  // namespace kf::bitstream
