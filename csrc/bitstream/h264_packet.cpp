#include "bitstream/h264_packet.hpp"

#include <cstddef>

#include "bitstream/nal_units.hpp"

namespace kf::bitstream {
namespace {

using Bytes = std::span<const std::uint8_t>;

// Numbers from ITU-T H.264, table 7-1 and annex D.
enum NalType : unsigned {
    slice = 1,
    idr_slice = 5,
    sei = 6,
    sps = h264_sps,
    pps = h264_pps,
    delimiter = 9,
    filler = 12,
};
constexpr unsigned sei_recovery_point = 6;

bool has_exact_recovery_point(Bytes payload) noexcept {
    PayloadBits reader(payload);
    while (!reader.at_end()) {
        unsigned type = 0;
        unsigned size = 0;
        unsigned part = 0;
        do type += part = reader.byte();
        while (part == 255 && !reader.at_end());
        do size += part = reader.byte();
        while (part == 255 && !reader.at_end());
        if (type == sei_recovery_point) {
            const unsigned frames = reader.unsigned_golomb();
            return frames == 0 && reader.bit() == 1;
        }
        for (unsigned i = 0; i < size && !reader.at_end(); ++i) reader.byte();
    }
    return false;
}

void add_nal(H264Packet& packet, Bytes nal) noexcept {
    if (nal.empty()) return;
    const unsigned type = nal[0] & 31U;
    const unsigned ref_idc = nal[0] >> 5 & 3U;
    if (type >= slice && type <= idr_slice) {
        packet.idr = type == idr_slice && (packet.idr || !packet.has_slice);
        if (!packet.has_slice) packet.idr_first = type == idr_slice;
        packet.has_slice = true;
        packet.reference = packet.reference || ref_idc != 0;
    }
    if (type == sei && has_exact_recovery_point(nal.subspan(1))) packet.recovery_point = true;
    if (type != slice && type != sei && type != delimiter && type != filler) packet.only_plain = false;
}

/// Nothing for a NAL unit that is no parameter set.
void add_parameter_set(std::vector<H264ParameterSet>& sets, Bytes nal) {
    const unsigned type = nal.empty() ? 0 : nal[0] & 31U;
    if (type != sps && type != pps) return;
    PayloadBits reader(nal.subspan(1));
    for (int i = 0; type == sps && i < 3; ++i) reader.byte();  // profile, constraints, level
    sets.push_back({static_cast<std::uint8_t>(type), reader.unsigned_golomb(), nal});
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

std::vector<H264ParameterSet> parameter_sets_in_packet(Bytes bytes, int nal_length_size) {
    std::vector<H264ParameterSet> sets;
    for_each_nal(bytes, nal_length_size, [&sets](Bytes nal, bool) { add_parameter_set(sets, nal); });
    return sets;
}

std::vector<H264ParameterSet> parameter_sets_in_avcc(Bytes record) {
    std::vector<H264ParameterSet> sets;
    for_each_set_in_avcc(record, [&sets](Bytes nal) { add_parameter_set(sets, nal); });
    return sets;
}

}  // namespace kf::bitstream
