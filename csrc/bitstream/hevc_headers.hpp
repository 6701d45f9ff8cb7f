// Parses the HEVC parameter sets and the beginning of slice headers, as far as telling pictures apart needs them. Pure; any
// thread; never trusts a length. Reads no coding tree unit.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace kf::bitstream {

using base::Bytes;

// nal_unit_type: ITU-T H.265, table 7-1. Up to 31 they are slices; of those up to 14 the even ones are sub-layer
// non-reference.
constexpr unsigned hevc_radl_n = 6;
constexpr unsigned hevc_rasl_n = 8;
constexpr unsigned hevc_rasl_r = 9;
constexpr unsigned hevc_last_sub_layer_type = 14;  // RSV_VCL_N14
constexpr unsigned hevc_first_irap = 16;           // BLA_W_LP
constexpr unsigned hevc_idr_w_radl = 19;
constexpr unsigned hevc_idr_n_lp = 20;
constexpr unsigned hevc_last_irap = 23;
constexpr unsigned hevc_last_slice = 31;
constexpr unsigned hevc_vps = 32;
constexpr unsigned hevc_sps = 33;
constexpr unsigned hevc_pps = 34;
constexpr unsigned hevc_access_unit_delimiter = 35;
constexpr unsigned hevc_end_of_sequence = 36;
constexpr unsigned hevc_end_of_bitstream = 37;
constexpr unsigned hevc_filler_data = 38;
constexpr unsigned hevc_suffix_sei = 40;

/// nal_unit_header(): ITU-T H.265, 7.3.1.2.
struct HevcNalHeader {
    unsigned type = 0;
    unsigned layer_id = 0;  ///< nuh_layer_id: 0 for the base layer, to which alone other base layer pictures refer
    int temporal_id = 0;    ///< nuh_temporal_id_plus1 - 1
};
constexpr std::size_t hevc_nal_header_bytes = 2;

/// Nothing where the NAL unit is shorter than its header.
[[nodiscard]] std::optional<HevcNalHeader> read_hevc_nal_header(Bytes nal) noexcept;

/// Sequence parameter set: ITU-T H.265, 7.3.2.2.1.
struct HevcSps {
    std::uint32_t id = 0;                 ///< sps_seq_parameter_set_id
    int highest_temporal_id = 0;          ///< sps_max_sub_layers_minus1
    bool separate_colour_planes = false;  ///< separate_colour_plane_flag
    int poc_lsb_bits = 0;                 ///< log2_max_pic_order_cnt_lsb_minus4 + 4
};

/// Picture parameter set: ITU-T H.265, 7.3.2.3.1.
struct HevcPps {
    std::uint32_t id = 0;
    std::uint32_t sps_id = 0;
    bool output_flag_present = false;  ///< slice headers may say that a picture is not shown
    int extra_slice_header_bits = 0;   ///< num_extra_slice_header_bits
};

/// nal: a whole NAL unit of at least its header.
[[nodiscard]] std::uint32_t read_hevc_vps_id(Bytes nal) noexcept;
[[nodiscard]] HevcSps read_hevc_sps(Bytes nal) noexcept;
[[nodiscard]] HevcPps read_hevc_pps(Bytes nal) noexcept;

/// slice_pic_order_cnt_lsb of a slice: 0 bits and no value where it cannot be read.
struct HevcPocLsb {
    std::optional<std::uint32_t> value;
    int bits = 0;
};

/// The parameter sets of the base layer seen so far in one stream.
class HevcParameterSets {
public:
    /// Takes in the parameter sets of an hvcC record, or of bytes with start codes where nal_length_size is 0.
    void read_record(Bytes record, int nal_length_size) noexcept;
    void take(unsigned nal_type, Bytes nal) noexcept;
    [[nodiscard]] HevcPocLsb read_poc_lsb(unsigned nal_type, Bytes nal) const noexcept;

    /// The highest TemporalId of any SPS seen so far; -1 before the first SPS.
    [[nodiscard]] int highest_temporal_id() const noexcept { return highest_temporal_id_; }
    /// Whether slice headers may say that a picture is not shown.
    [[nodiscard]] bool may_hide_pictures() const noexcept { return may_hide_pictures_; }

private:
    std::array<HevcSps, 16> sps_{};
    std::array<HevcPps, 64> pps_{};
    int highest_temporal_id_ = -1;
    bool may_hide_pictures_ = false;
};

/// Calls visit(nal) for every NAL unit of an hvcC record (ISO/IEC 14496-15, 8.3.3.1).
template <class Visit>
void for_each_nal_in_hvcc(Bytes record, Visit visit) {
    constexpr std::size_t fixed_bytes = 23;
    if (record.size() < fixed_bytes) return;
    std::size_t at = fixed_bytes;
    for (int arrays = record[fixed_bytes - 1]; arrays > 0 && at + 3 <= record.size(); --arrays) {
        std::size_t count = base::big_endian(record.subspan(at + 1, 2));
        at += 3;
        for (; count > 0 && at + 2 <= record.size(); --count) {
            const std::size_t size = base::big_endian(record.subspan(at, 2));
            at += 2;
            if (size > record.size() - at) return;
            visit(record.subspan(at, size));
            at += size;
        }
    }
}

}  // namespace kf::bitstream
