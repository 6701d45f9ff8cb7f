#include "base/hevc_packet.hpp"

#include <algorithm>

#include "base/nal_units.hpp"

namespace kf {
namespace {

using Bytes = std::span<const std::uint8_t>;

// Numbers from ITU-T H.265, table 7-1.
enum NalType : unsigned {
    first_leading_skipped = 8,  // RASL_N
    last_leading_skipped = 9,   // RASL_R
    last_unreferenced = 14,     // RSV_VCL_N14
    first_random_access = 16,   // BLA_W_LP
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

void add_slice(HevcPacket& packet, Bytes payload, unsigned type, int temporal_id) noexcept {
    if (payload.empty()) return;
    const bool first_of_picture = (payload[0] & 0x80) != 0;
    const bool random_access = type >= first_random_access && type <= last_random_access;
    packet.temporal_id = packet.pictures == 0 ? temporal_id : std::min(packet.temporal_id, temporal_id);
    packet.pictures += first_of_picture;
    packet.random_access = packet.random_access || random_access;
    packet.starts_sequence = packet.starts_sequence || (random_access && type <= last_start);
    packet.skipped_leading = packet.skipped_leading || type == first_leading_skipped || type == last_leading_skipped;
    packet.drops_prior = packet.drops_prior || (random_access && (payload[0] & 0x40) != 0);
    if (type > last_unreferenced || type % 2 != 0) packet.only_unreferenced = false;
}

void add_sequence_set(HevcSequence& sequence, Bytes payload) noexcept {
    if (payload.empty()) return;
    const int highest = payload[0] >> 1 & 7;  // sps_max_sub_layers_minus1
    sequence.highest_temporal_id = std::max(sequence.highest_temporal_id, highest);
}

void add_picture_set(HevcSequence& sequence, Bytes payload) noexcept {
    PayloadBits reader(payload);
    (void)reader.unsigned_golomb();  // its id
    (void)reader.unsigned_golomb();  // the sequence set's
    (void)reader.bit();              // dependent_slice_segments_enabled_flag
    if (reader.bit() != 0) sequence.hides_pictures = true;
}

void add_nal(HevcPacket& packet, HevcSequence& sequence, Bytes nal) noexcept {
    if (nal.size() < 2) return;
    const unsigned type = nal[0] >> 1 & 63U;
    const unsigned layer = (nal[0] & 1U) << 5 | nal[1] >> 3;
    const int temporal_id = (nal[1] & 7) - 1;
    if (layer != 0) return;  // no base layer picture refers to it
    const Bytes payload = nal.subspan(2);
    if (type <= last_slice) {
        add_slice(packet, payload, type, temporal_id);
    } else if (type == hevc_sequence_set) {
        add_sequence_set(sequence, payload);
    } else if (type == hevc_picture_set) {
        add_picture_set(sequence, payload);
    } else if (type == end_of_sequence || type == end_of_bitstream) {
        packet.ends_sequence = true;
    }
    const bool plain = type <= last_slice || type == delimiter || (type >= filler && type <= suffix_message);
    if (!plain) packet.only_unreferenced = false;
}

}  // namespace

HevcPacket read_hevc_packet(Bytes bytes, int nal_length_size, HevcSequence& sequence) noexcept {
    HevcPacket packet;
    for_each_nal(bytes, nal_length_size, [&](Bytes nal, bool whole) {
        packet.whole = packet.whole && whole;
        add_nal(packet, sequence, nal);
    });
    return packet;
}

void read_hevc_record(Bytes record, HevcSequence& sequence) noexcept {
    HevcPacket unused;
    for_each_nal_in_hvcc(record, [&](Bytes nal) { add_nal(unused, sequence, nal); });
}

}  // namespace kf
