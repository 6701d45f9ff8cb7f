#include "bitstream/parameter_sets.hpp"

#include "bitstream/h264_headers.hpp"
#include "bitstream/hevc_headers.hpp"
#include "bitstream/mpeg4_vop.hpp"
#include "bitstream/nal_units.hpp"

namespace kf::bitstream {
namespace {

using Sets = std::vector<FoundParameterSet>;

/// No decoder takes a set whose id is out of range, so such a set changes nothing. ITU-T H.264, 7.4.2.1.1 and 7.4.2.2.
void add_h264_set(Sets& sets, Bytes nal) {
    const unsigned type = h264_nal_type(nal);
    if (type != h264_sps && type != h264_pps) return;
    const std::uint32_t id = type == h264_sps ? read_h264_sps(nal).id : read_h264_pps(nal).id;
    if (id < (type == h264_sps ? 32U : 256U)) sets.push_back({static_cast<std::uint8_t>(type), id, nal});
}

/// ITU-T H.265, 7.4.3.1 to 7.4.3.3.
void add_hevc_set(Sets& sets, Bytes nal) {
    const auto header = read_hevc_nal_header(nal);
    if (!header || header->layer_id != 0 || nal.size() == hevc_nal_header_bytes) return;
    std::uint32_t id = 0;
    switch (header->type) {
        case hevc_vps: id = read_hevc_vps_id(nal); break;
        case hevc_sps: id = read_hevc_sps(nal).id; break;
        case hevc_pps: id = read_hevc_pps(nal).id; break;
        default: return;
    }
    if (id < (header->type == hevc_pps ? 64U : 16U)) sets.push_back({static_cast<std::uint8_t>(header->type), id, nal});
}

/// The headers in front of the VOPs as one piece, and each string of user data, by which decoders tell encoders.
Sets mpeg4_sets(Bytes bytes) {
    Sets sets;
    bool in_headers = false;
    for_each_start_code(bytes, [&](Bytes unit, Bytes) {
        const bool is_header = !unit.empty() && is_mpeg4_header(unit[0]);
        if (is_header && in_headers) {
            Bytes& whole = sets.back().nal;
            whole = {whole.data(), static_cast<std::size_t>(unit.data() + unit.size() - whole.data())};
        } else if (is_header) {
            sets.push_back({mpeg4_first_vol, unit[0], unit});
        } else if (!unit.empty() && unit[0] == mpeg4_user_data) {
            sets.push_back({mpeg4_user_data, unit.size() > 1 ? unit[1] : 0U, unit});
        }
        in_headers = is_header;
    });
    return sets;
}

}  // namespace

Sets parameter_sets_in_packet(Codec codec, Bytes bytes, int nal_length_size) {
    if (codec == Codec::mpeg4) return mpeg4_sets(bytes);
    Sets sets;
    if (codec == Codec::h264) {
        for_each_nal(bytes, nal_length_size, [&sets](Bytes nal, bool) { add_h264_set(sets, nal); });
    } else if (codec == Codec::hevc) {
        for_each_nal(bytes, nal_length_size, [&sets](Bytes nal, bool) { add_hevc_set(sets, nal); });
    }
    return sets;
}

Sets parameter_sets_in_record(Codec codec, Bytes record, int nal_length_size) {
    if (nal_length_size == 0 || !has_nal_units(codec)) return parameter_sets_in_packet(codec, record, 0);
    Sets sets;
    if (codec == Codec::h264) {
        for_each_nal_in_avcc(record, [&sets](Bytes nal) { add_h264_set(sets, nal); });
    } else {
        for_each_nal_in_hvcc(record, [&sets](Bytes nal) { add_hevc_set(sets, nal); });
    }
    return sets;
}

bool voids(Codec codec, std::uint8_t changed, std::uint8_t known) noexcept {
    if (codec == Codec::h264) return changed == h264_sps && known == h264_pps;
    return codec == Codec::hevc && known > changed;
}

}  // namespace kf::bitstream
