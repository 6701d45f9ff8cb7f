#include "bitstream/hevc_packet.hpp"

#include <algorithm>

#include "bitstream/nal_units.hpp"

namespace kf::bitstream {
namespace {

using Bytes = std::span<const std::uint8_t>;

// Numbers from ITU-T H.265, table 7-1.
enum NalType : unsigned {
    first_leading = 6,          // RADL_N
    first_leading_skipped = 8,  // RASL_N
    last_leading_skipped = 9,   // RASL_R
    last_unreferenced = 14,     // RSV_VCL_N14
    first_random_access = 16,   // BLA_W_LP
    first_idr = 19,             // IDR_W_RADL
    last_start = 20,            // IDR_N_LP; CRA_NUT is 21
    last_random_access = 23,
    last_slice = 31,
    delimiter = 35,
    end_of_sequence = 36,
    end_of_bitstream = 37,
    filler = 38,
    prefix_message = 39,
    suffix_message = 40,
};

/// ITU-T H.265, 7.3.6.1, up to slice_pic_order_cnt_lsb.
void read_order(HevcPacket& packet, const HevcParameterSets& sequence, Bytes payload, unsigned type) noexcept {
    PayloadBits reader(payload);
    (void)reader.bit();
    if (type >= first_random_access && type <= last_random_access) (void)reader.bit();
    const unsigned id = reader.unsigned_golomb();
    if (id >= sequence.picture_sets.size()) return;
    const HevcParameterSets::PictureSet& picture_set = sequence.picture_sets[id];
    const HevcParameterSets::Set& set = sequence.sets[picture_set.sequence];
    (void)reader.bits(picture_set.extra_bits);
    (void)reader.unsigned_golomb();  // slice_type
    if (picture_set.output_flag) (void)reader.bit();
    if (set.separate_planes) (void)reader.bits(2);
    const bool idr = type == first_idr || type == last_start;
    if (!idr && set.order_bits == 0) return;
    packet.order = idr ? 0 : reader.bits(set.order_bits);
    packet.order_bits = set.order_bits;
}

void add_slice(HevcPacket& packet, const HevcParameterSets& sequence, Bytes payload, unsigned type,
               int temporal_id) noexcept {
    if (payload.empty()) return;
    const bool first_of_picture = (payload[0] & 0x80) != 0;
    const bool random_access = type >= first_random_access && type <= last_random_access;
    if (first_of_picture && packet.pictures == 0) {
        read_order(packet, sequence, payload, type);
        const bool leading = type >= first_leading && type <= last_leading_skipped;
        packet.order_anchor = temporal_id == 0 && !leading && (type > last_unreferenced || type % 2 != 0);
    }
    packet.temporal_id = packet.pictures == 0 ? temporal_id : std::min(packet.temporal_id, temporal_id);
    packet.pictures += first_of_picture;
    packet.random_access = packet.random_access || random_access;
    packet.starts_sequence = packet.starts_sequence || (random_access && type <= last_start);
    packet.rasl = packet.rasl || type == first_leading_skipped || type == last_leading_skipped;
    packet.drops_prior = packet.drops_prior || (random_access && (payload[0] & 0x40) != 0);
    if (type > last_unreferenced || type % 2 != 0) packet.only_unreferenced = false;
}

/// ITU-T H.265, 7.3.2.2.1, up to log2_max_pic_order_cnt_lsb_minus4.
void add_sequence_set(HevcParameterSets& sequence, Bytes payload) noexcept {
    if (payload.empty()) return;
    const int highest = payload[0] >> 1 & 7;  // sps_max_sub_layers_minus1
    sequence.highest_temporal_id = std::max(sequence.highest_temporal_id, highest);
    PayloadBits reader(payload);
    const unsigned id = read_hevc_sequence_id(reader);
    if (id >= sequence.sets.size()) return;
    HevcParameterSets::Set set;
    set.separate_planes = reader.unsigned_golomb() == 3 && reader.bit() != 0;
    (void)reader.unsigned_golomb();  // width
    (void)reader.unsigned_golomb();
    if (reader.bit() != 0) {
        for (int side = 0; side < 4; ++side) (void)reader.unsigned_golomb();
    }
    (void)reader.unsigned_golomb();  // depths
    (void)reader.unsigned_golomb();
    set.order_bits = static_cast<int>(std::min(reader.unsigned_golomb(), 12U)) + 4;
    sequence.sets[id] = set;
}

void add_picture_set(HevcParameterSets& sequence, Bytes payload) noexcept {
    PayloadBits reader(payload);
    const unsigned id = reader.unsigned_golomb();
    const unsigned sequence_id = reader.unsigned_golomb();
    (void)reader.bit();  // dependent_slice_segments_enabled_flag
    HevcParameterSets::PictureSet set;
    set.output_flag = reader.bit() != 0;
    set.extra_bits = static_cast<std::uint8_t>(reader.bits(3));
    if (set.output_flag) sequence.hides_pictures = true;
    if (id >= sequence.picture_sets.size() || sequence_id >= sequence.sets.size()) return;
    set.sequence = static_cast<std::uint8_t>(sequence_id);
    sequence.picture_sets[id] = set;
}

void add_nal(HevcPacket& packet, HevcParameterSets& sequence, Bytes nal) noexcept {
    if (nal.size() < 2) return;
    const unsigned type = nal[0] >> 1 & 63U;
    const unsigned layer = (nal[0] & 1U) << 5 | nal[1] >> 3;
    const int temporal_id = (nal[1] & 7) - 1;
    if (layer != 0) return;  // no base layer picture refers to it
    const Bytes payload = nal.subspan(2);
    if (type <= last_slice) {
        add_slice(packet, sequence, payload, type, temporal_id);
    } else if (type == hevc_sps) {
        add_sequence_set(sequence, payload);
    } else if (type == hevc_pps) {
        add_picture_set(sequence, payload);
    } else if (type == end_of_sequence || type == end_of_bitstream) {
        packet.ends_sequence = true;
    }
    const bool plain = type <= last_slice || type == delimiter || (type >= filler && type <= suffix_message);
    if (!plain) packet.only_unreferenced = false;
}

}  // namespace

unsigned read_hevc_sequence_id(PayloadBits& reader) noexcept {
    (void)reader.bits(4);
    const unsigned sub_layers = reader.bits(3);
    (void)reader.bit();
    // profile_tier_level: 88 bits and the level, then what is present of each sub-layer
    for (int i = 0; i < 12; ++i) reader.byte();
    unsigned profiles = 0;
    unsigned levels = 0;
    for (unsigned i = 0; i < 8 && sub_layers > 0; ++i) {
        const unsigned present = reader.bits(2);
        if (i < sub_layers) {
            profiles += present >> 1;
            levels += present & 1;
        }
    }
    for (unsigned i = 0; i < profiles * 11 + levels; ++i) reader.byte();
    return reader.unsigned_golomb();
}

HevcPacket read_hevc_packet(Bytes bytes, int nal_length_size, HevcParameterSets& sequence) noexcept {
    HevcPacket packet;
    for_each_nal(bytes, nal_length_size, [&](Bytes nal, bool whole) {
        packet.whole = packet.whole && whole;
        add_nal(packet, sequence, nal);
    });
    return packet;
}

void read_hevc_record(Bytes record, HevcParameterSets& sequence) noexcept {
    HevcPacket unused;
    for_each_nal_in_hvcc(record, [&](Bytes nal) { add_nal(unused, sequence, nal); });
}

}  // namespace kf::bitstream
