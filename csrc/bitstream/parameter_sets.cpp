#include "bitstream/parameter_sets.hpp"

#include "bitstream/h264_packet.hpp"
#include "bitstream/hevc_packet.hpp"
#include "bitstream/nal_units.hpp"

namespace kf::bitstream {
namespace {

using Bytes = std::span<const std::uint8_t>;
using Sets = std::vector<FoundParameterSet>;

/// ITU-T H.264 and H.265, 7.4: no decoder takes a set beyond these, so it changes nothing.
bool is_valid_id(Codec codec, std::uint8_t type, std::uint32_t id) noexcept {
    if (codec == Codec::h264) return id < (type == h264_sps ? 32U : 256U);
    return id < (type == hevc_pps ? 64U : 16U);
}

/// Nothing for a NAL unit that is no parameter set.
void add_hevc_set(Sets& sets, Bytes nal) {
    if (nal.size() < 3) return;
    const auto type = static_cast<std::uint8_t>(nal[0] >> 1 & 63);
    const bool base_layer = (nal[0] & 1) == 0 && nal[1] >> 3 == 0;
    if (type < hevc_vps || type > hevc_pps || !base_layer) return;
    PayloadBits reader(nal.subspan(2));
    std::uint32_t id = 0;
    if (type == hevc_vps) {
        id = reader.bits(4);
    } else if (type == hevc_pps) {
        id = reader.unsigned_golomb();
    } else {
        id = read_hevc_sequence_id(reader);
    }
    if (is_valid_id(Codec::hevc, type, id)) sets.push_back({type, id, nal});
}

void add_h264_sets(Sets& sets, const std::vector<H264ParameterSet>& found) {
    for (const H264ParameterSet& set : found) {
        if (is_valid_id(Codec::h264, set.type, set.id)) sets.push_back({set.type, set.id, set.nal});
    }
}

// ISO/IEC 14496-2, table 6-3.
constexpr std::uint8_t vol_header = 0x20;
constexpr std::uint8_t user_data = 0xB2;

bool is_layer_code(unsigned code) noexcept {
    return code <= 0x2F || code == 0xB0 || code == 0xB5;  // objects and layers, visual sequence, visual object
}

/// What stands before the planes: the headers as one piece, and each string of user data, which decoders tell encoders by.
Sets mpeg4_sets(Bytes bytes) {
    Sets sets;
    bool in_headers = false;
    for (std::size_t at = find_start_code(bytes, 0); at + 3 < bytes.size();) {
        const std::size_t next = find_start_code(bytes, at + 3);
        const std::uint8_t code = bytes[at + 3];
        const Bytes unit = bytes.subspan(at + 3, next - at - 3);
        const bool is_header = is_layer_code(code) && !unit.empty();  // empty: two start codes that overlap
        if (is_header) {
            if (in_headers) {
                Bytes& whole = sets.back().nal;
                whole = {whole.data(), static_cast<std::size_t>(unit.data() + unit.size() - whole.data())};
            } else {
                sets.push_back({vol_header, code, unit});
            }
        } else if (code == user_data) {
            sets.push_back({user_data, unit.size() > 1 ? unit[1] : 0U, unit});
        }
        in_headers = is_header;
        at = next;
    }
    return sets;
}

}  // namespace

Sets parameter_sets_in_packet(Codec codec, Bytes bytes, int nal_length_size) {
    Sets sets;
    if (codec == Codec::h264) {
        add_h264_sets(sets, parameter_sets_in_packet(bytes, nal_length_size));
    } else if (codec == Codec::hevc) {
        for_each_nal(bytes, nal_length_size, [&sets](Bytes nal, bool) { add_hevc_set(sets, nal); });
    } else if (codec == Codec::mpeg4) {
        sets = mpeg4_sets(bytes);
    }
    return sets;
}

Sets parameter_sets_in_record(Codec codec, Bytes record, int nal_length_size) {
    if (nal_length_size == 0 || !has_nal_units(codec)) return parameter_sets_in_packet(codec, record, 0);
    Sets sets;
    if (codec == Codec::h264) {
        add_h264_sets(sets, parameter_sets_in_avcc(record));
    } else {
        for_each_nal_in_hvcc(record, [&sets](Bytes nal) { add_hevc_set(sets, nal); });
    }
    return sets;
}

bool voids(Codec codec, std::uint8_t changed, std::uint8_t known) noexcept {
    if (codec == Codec::h264) return changed == h264_sps && known != h264_sps;
    return codec == Codec::hevc && known > changed;
}

}  // namespace kf::bitstream
