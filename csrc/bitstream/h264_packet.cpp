#include "bitstream/h264_packet.hpp"

#include <cstddef>
#include <cstdint>

#include "bitstream/bit_reader.hpp"
#include "bitstream/h264_headers.hpp"
#include "bitstream/nal_units.hpp"

namespace kf::bitstream {
namespace {

constexpr std::uint32_t recovery_point_message = 6;  // payloadType: ITU-T H.264, D.1.1

/// payloadType and payloadSize: bytes of 255, then the last byte, all added up. ITU-T H.264, 7.3.2.3.1.
std::uint32_t read_sei_number(RbspReader& reader) noexcept {
    std::uint32_t value = 0;
    std::uint32_t byte = 0;
    do value += byte = reader.bits(8);
    while (byte == 255 && !reader.at_end());
    return value;
}

/// sei_rbsp() and recovery_point(): ITU-T H.264, 7.3.2.3 and D.1.8.
bool has_exact_recovery_point(Bytes payload) noexcept {
    RbspReader reader(payload);
    while (!reader.at_end()) {
        const std::uint32_t type = read_sei_number(reader);
        const std::size_t size = read_sei_number(reader);
        if (type == recovery_point_message) {
            const std::uint32_t recovery_frame_cnt = reader.ue();
            return recovery_frame_cnt == 0 && reader.flag();  // exact_match_flag
        }
        reader.skip(8 * size);
    }
    return false;
}

void add_nal(H264Packet& packet, Bytes nal) noexcept {
    if (nal.empty()) return;
    const unsigned type = h264_nal_type(nal);
    if (type >= h264_slice && type <= h264_idr_slice) {  // with the data partitions between them
        packet.idr = type == h264_idr_slice && (packet.idr || !packet.has_slice);
        if (!packet.has_slice) packet.idr_first = type == h264_idr_slice;
        packet.has_slice = true;
        packet.reference = packet.reference || (nal[0] >> 5 & 3U) != 0;  // nal_ref_idc
    }
    if (type == h264_sei && has_exact_recovery_point(nal.subspan(1))) packet.recovery_point = true;
    const bool plain =
        type == h264_slice || type == h264_sei || type == h264_access_unit_delimiter || type == h264_filler_data;
    if (!plain) packet.only_plain = false;
}

}  // namespace

H264Packet read_h264_packet(Bytes bytes, int nal_length_size) noexcept {
    H264Packet packet;
    for_each_nal(bytes, nal_length_size, [&packet](Bytes nal, bool whole) {
        packet.whole = packet.whole && whole;
        add_nal(packet, nal);
    });
    return packet;
}

}  // namespace kf::bitstream
