#include "bitstream/hevc_packet.hpp"

#include <algorithm>

#include "bitstream/nal_units.hpp"

namespace kf::bitstream {
namespace {

bool is_sub_layer_reference(unsigned type) noexcept {
    return type > hevc_last_sub_layer_type || type % 2 != 0;
}

void add_slice(HevcPacket& packet, const HevcParameterSets& sets, const HevcNalHeader& header, Bytes nal) noexcept {
    if (nal.size() <= hevc_nal_header_bytes) return;
    const unsigned type = header.type;
    const std::uint8_t flags = nal[hevc_nal_header_bytes];
    const bool first_of_picture = (flags & 0x80) != 0;  // first_slice_segment_in_pic_flag
    const bool irap = type >= hevc_first_irap && type <= hevc_last_irap;
    if (first_of_picture && packet.pictures == 0) {
        packet.poc_lsb = sets.read_poc_lsb(type, nal);
        const bool leading = type >= hevc_radl_n && type <= hevc_rasl_r;
        packet.poc_anchor = header.temporal_id == 0 && !leading && is_sub_layer_reference(type);  // 8.3.1
    }
    packet.temporal_id = packet.pictures == 0 ? header.temporal_id : std::min(packet.temporal_id, header.temporal_id);
    packet.pictures += first_of_picture;
    packet.random_access = packet.random_access || irap;
    packet.starts_sequence = packet.starts_sequence || (irap && type <= hevc_idr_n_lp);
    packet.rasl = packet.rasl || type == hevc_rasl_n || type == hevc_rasl_r;
    packet.drops_prior = packet.drops_prior || (irap && (flags & 0x40) != 0);  // no_output_of_prior_pics_flag
    if (is_sub_layer_reference(type)) packet.only_unreferenced = false;
}

void add_nal(HevcPacket& packet, HevcParameterSets& sets, Bytes nal) noexcept {
    const auto header = read_hevc_nal_header(nal);
    if (!header || header->layer_id != 0) return;  // no picture of the base layer refers to another layer
    const unsigned type = header->type;
    if (type <= hevc_last_slice) {
        add_slice(packet, sets, *header, nal);
        return;
    }
    sets.take(type, nal);
    if (type == hevc_end_of_sequence || type == hevc_end_of_bitstream) packet.ends_sequence = true;
    const bool plain = type == hevc_access_unit_delimiter || (type >= hevc_filler_data && type <= hevc_suffix_sei);
    if (!plain) packet.only_unreferenced = false;
}

}  // namespace

HevcPacket read_hevc_packet(Bytes bytes, int nal_length_size, HevcParameterSets& sets) noexcept {
    HevcPacket packet;
    for_each_nal(bytes, nal_length_size, [&](Bytes nal, bool whole) {
        packet.whole = packet.whole && whole;
        add_nal(packet, sets, nal);
    });
    return packet;
}

}  // namespace kf::bitstream
