// Parses the H.264 headers that tell pictures apart: sequence and picture parameter sets and the beginning of slice headers.
// Pure; any thread, one owner per H264ParameterSets; never trusts a length. Reads no macroblock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace kf::bitstream {

using base::Bytes;

// nal_unit_type: ITU-T H.264, table 7-1.
constexpr unsigned h264_slice = 1;
constexpr unsigned h264_slice_partition_a = 2;
constexpr unsigned h264_idr_slice = 5;
constexpr unsigned h264_sei = 6;
constexpr unsigned h264_sps = 7;
constexpr unsigned h264_pps = 8;
constexpr unsigned h264_access_unit_delimiter = 9;
constexpr unsigned h264_filler_data = 12;

[[nodiscard]] constexpr unsigned h264_nal_type(Bytes nal) noexcept {
    return nal.empty() ? 0 : nal[0] & 31U;
}

/// Sequence parameter set: ITU-T H.264, 7.3.2.1.1. Small, because every run of a call may hold 32 of them.
struct H264Sps {
    std::uint32_t id = 0;                 ///< seq_parameter_set_id
    std::uint8_t pic_order_cnt_type = 0;  ///< 0: slices say pic_order_cnt_lsb; 2: shown as coded
    std::uint8_t poc_lsb_bits = 0;        ///< log2_max_pic_order_cnt_lsb_minus4 + 4; 0 where the type is not 0
    std::uint8_t frame_num_bits = 0;      ///< log2_max_frame_num_minus4 + 4
    bool separate_colour_planes = false;  ///< separate_colour_plane_flag
    bool has_chroma = true;               ///< ChromaArrayType is not 0
    bool delta_pic_order_always_zero = false;
    bool allows_frame_num_gaps = false;  ///< gaps_in_frame_num_value_allowed_flag
    bool frame_mbs_only = true;          ///< frame_mbs_only_flag: no fields
};

/// Picture parameter set: ITU-T H.264, 7.3.2.2, up to redundant_pic_cnt_present_flag. As small as an SPS.
struct H264Pps {
    std::uint16_t id = 0;
    std::uint8_t sps_id = 0;                 ///< 255 stands for all larger ids as well
    std::array<std::uint8_t, 2> refs{1, 1};  ///< num_ref_idx_default_active: the references of list 0 and 1
    bool bottom_field_pic_order = false;     ///< bottom_field_pic_order_in_frame_present_flag
    bool several_slice_groups = false;       ///< the elements behind the slice groups are not read
    bool weighted_pred = false;
    bool explicit_weighted_bipred = false;  ///< weighted_bipred_idc is 1
    bool redundant_pic_cnt_present = false;
};

/// nal: a whole NAL unit, from its header byte on.
[[nodiscard]] H264Sps read_h264_sps(Bytes nal) noexcept;
[[nodiscard]] H264Pps read_h264_pps(Bytes nal) noexcept;

enum class PictureStructure : std::uint8_t { frame, top_field, bottom_field };

/// What the slice headers of one picture say: ITU-T H.264, 7.3.3.
struct H264Picture {
    PictureStructure structure = PictureStructure::frame;
    std::uint32_t frame_num = 0;
    int frame_num_bits = 0;
    bool idr = false;
    bool reference = false;       ///< nal_ref_idc is not 0: other pictures may refer to this one
    bool resets_numbers = false;  ///< memory_management_control_operation 5: frame_num and POC count from 0 behind it
    std::uint32_t poc_lsb = 0;    ///< pic_order_cnt_lsb
    int poc_lsb_bits = 0;
    int pic_order_cnt_type = 0;
};

/// The pictures of one packet, in coded order: usually a frame, two fields, or one field.
struct H264Pictures {
    std::array<H264Picture, 2> pictures{};
    int count = 0;         ///< may exceed 2; only the first two are kept
    bool readable = true;  ///< false where a slice refers to an SPS that was not seen; a PPS not seen counts as one of SPS 0
    [[nodiscard]] int kept() const noexcept { return count < 2 ? count : 2; }
};

/// The parameter sets seen so far in one stream.
class H264ParameterSets {
public:
    /// Takes in the parameter sets of an avcC record, or of bytes with start codes where nal_length_size is 0.
    void read_record(Bytes record, int nal_length_size) noexcept;
    /// Takes in the parameter sets of a packet and reads its slice headers.
    [[nodiscard]] H264Pictures read_packet(Bytes bytes, int nal_length_size) noexcept;

    /// Whether no SPS seen so far allows fields.
    [[nodiscard]] bool frames_only() const noexcept { return frames_only_; }
    /// Whether an SPS seen so far allows pictures to be shown in another order than they are coded in.
    [[nodiscard]] bool may_reorder() const noexcept { return may_reorder_; }
    /// Whether an SPS seen so far allows gaps in frame_num: pictures may then be missing without damage.
    [[nodiscard]] bool allows_frame_num_gaps() const noexcept { return allows_frame_num_gaps_; }

private:
    void take(Bytes nal) noexcept;
    void add_slice(H264Pictures& found, Bytes nal) const noexcept;

    std::array<std::optional<H264Sps>, 32> sps_{};
    std::array<H264Pps, 256> pps_{};
    bool frames_only_ = true;
    bool may_reorder_ = false;
    bool allows_frame_num_gaps_ = false;
};

/// Calls visit(nal) for every parameter set of an avcC record (ISO/IEC 14496-15, 5.3.3.1).
template <class Visit>
void for_each_nal_in_avcc(Bytes record, Visit visit) {
    std::size_t at = 5;  // configurationVersion, profile, compatibility, level, lengthSizeMinusOne
    for (const unsigned count_mask : {31U, 255U}) {
        if (at >= record.size()) return;
        const unsigned count = record[at++] & count_mask;
        for (unsigned i = 0; i < count; ++i) {
            if (at + 2 > record.size()) return;
            const std::size_t size = base::big_endian(record.subspan(at, 2));
            at += 2;
            if (size > record.size() - at) return;
            visit(record.subspan(at, size));
            at += size;
        }
    }
}

}  // namespace kf::bitstream
