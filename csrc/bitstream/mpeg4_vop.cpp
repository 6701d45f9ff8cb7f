#include "bitstream/mpeg4_vop.hpp"

#include <bit>

#include "bitstream/bit_reader.hpp"
#include "bitstream/start_codes.hpp"

namespace kf::bitstream {
namespace {

// ISO/IEC 14496-2, 6.3.3 and 6.3.5.
constexpr unsigned simple_object_type = 1;  // video_object_type_indication
constexpr unsigned advanced_simple_object_type = 17;
constexpr unsigned extended_par = 15;  // aspect_ratio_info
constexpr unsigned rectangular = 0;    // video_object_layer_shape
constexpr unsigned grayscale = 3;
constexpr unsigned i_vop = 0;  // vop_coding_type
constexpr unsigned b_vop = 2;

/// VideoObjectLayer(): 6.2.3, up to `interlaced`.
Mpeg4Vol read_vol(Bytes payload) noexcept {
    Mpeg4Vol vol;
    BitReader reader(payload);
    reader.skip(1);  // random_accessible_vol
    const unsigned type = reader.bits(8);
    unsigned version = 1;
    if (reader.flag()) {  // is_object_layer_identifier
        version = reader.bits(4);
        reader.skip(3);  // video_object_layer_priority
    }
    if (reader.bits(4) == extended_par) reader.skip(16);
    vol.low_delay = vol.assumes_low_delay = type == simple_object_type || type == advanced_simple_object_type;
    vol.says_low_delay = reader.flag();  // vol_control_parameters
    if (vol.says_low_delay) {
        vol.assumes_low_delay = false;
        reader.skip(2);  // chroma_format
        vol.low_delay = reader.flag();
        if (reader.flag()) reader.skip(79);  // vbv_parameters
    }
    const unsigned shape = reader.bits(2);
    if (shape == grayscale && version != 1) reader.skip(4);  // video_object_layer_shape_extension
    reader.skip(1);
    const unsigned resolution = reader.bits(16);
    vol.time_increment_resolution = resolution;
    vol.time_increment_bits = resolution > 1 ? static_cast<int>(std::bit_width(resolution - 1)) : 1;
    reader.skip(1);
    if (reader.flag()) vol.fixed_increment = reader.bits(vol.time_increment_bits);  // fixed_vop_rate
    reader.skip(1);
    const unsigned width = reader.bits(13);
    reader.skip(1);
    const unsigned height = reader.bits(13);
    reader.skip(1);
    vol.macroblocks = (width + 15) / 16 * ((height + 15) / 16);
    vol.interlaced = reader.flag() || shape != rectangular || reader.past_end();
    return vol;
}

/// VideoObjectPlane(): 6.2.5, up to vop_coded.
void read_vop(Mpeg4Packet& packet, Bytes payload, const Mpeg4Vol& vol) noexcept {
    BitReader reader(payload);
    const unsigned vop_coding_type = reader.bits(2);
    packet.bytes = payload.size();
    packet.intra = vop_coding_type == i_vop;
    packet.b_vop = vop_coding_type == b_vop;
    while (reader.flag()) ++packet.modulo_time_base;
    reader.skip(1);
    packet.vop_time_increment = reader.bits(vol.time_increment_bits);
    reader.skip(1);
    packet.coded = reader.flag();
}

/// gov_time_code of Group_of_VideoObjectPlane(): 6.2.4.
std::int64_t read_gov_seconds(Bytes payload) noexcept {
    BitReader reader(payload);
    const unsigned hours = reader.bits(5);
    const unsigned minutes = reader.bits(6);
    reader.skip(1);
    return std::int64_t{reader.bits(6)} + 60 * (minutes + 60 * std::int64_t{hours});
}

}  // namespace

Mpeg4Packet read_mpeg4_packet(Bytes bytes, Mpeg4Vol& vol) noexcept {
    Mpeg4Packet packet;
    for_each_start_code(bytes, [&](Bytes, Bytes rest) {
        if (rest.empty()) return;
        const unsigned code = rest[0];
        const Bytes payload = rest.subspan(1);
        if (code >= mpeg4_first_vol && code <= mpeg4_last_vol) {
            packet.vol_header = true;
            vol = read_vol(payload);
        } else if (code == mpeg4_user_data) {
            packet.user_data = true;
        } else if (code == mpeg4_group_of_vop) {
            packet.gov_header = true;
            packet.gov_seconds = read_gov_seconds(payload);
        } else if (code == mpeg4_vop && packet.vops++ == 0) {
            read_vop(packet, payload, vol);
        }
    });
    return packet;
}

}  // namespace kf::bitstream
