#include "bitstream/h264_headers.hpp"

#include <algorithm>

#include "bitstream/bit_reader.hpp"
#include "bitstream/h264_marking.hpp"
#include "bitstream/nal_units.hpp"

namespace kf::bitstream {
namespace {

/// profile_idc of those whose SPS holds chroma_format_idc: ITU-T H.264, 7.3.2.1.1.
constexpr std::array high_profiles{100U, 110U, 122U, 244U, 44U, 83U, 86U, 118U, 128U, 138U, 139U, 134U, 135U};
constexpr std::uint32_t most_log2_minus4 = 12;  // of MaxFrameNum and MaxPicOrderCntLsb: 7.4.2.1.1

/// scaling_list(): 7.3.2.1.1.1.
void skip_scaling_list(RbspReader& reader, int size) noexcept {
    int last = 8;
    int next = 8;
    for (int i = 0; i < size; ++i) {
        if (next != 0) next = (last + reader.se()) & 255;
        last = next == 0 ? last : next;
    }
}

/// From chroma_format_idc to the scaling lists.
void read_chroma_format(H264Sps& sps, RbspReader& reader) noexcept {
    const std::uint32_t chroma_format_idc = reader.ue();
    sps.separate_colour_planes = chroma_format_idc == 3 && reader.flag();
    sps.has_chroma = chroma_format_idc != 0 && !sps.separate_colour_planes;
    (void)reader.ue();    // bit_depth_luma_minus8
    (void)reader.ue();    // bit_depth_chroma_minus8
    reader.skip(1);       // qpprime_y_zero_transform_bypass_flag
    if (reader.flag()) {  // seq_scaling_matrix_present_flag
        const int lists = chroma_format_idc == 3 ? 12 : 8;
        for (int i = 0; i < lists; ++i) {
            if (reader.flag()) skip_scaling_list(reader, i < 6 ? 16 : 64);
        }
    }
}

std::uint8_t log2_of(std::uint32_t log2_minus4) noexcept {
    return static_cast<std::uint8_t>(std::min(log2_minus4, most_log2_minus4) + 4);
}

}  // namespace

H264Sps read_h264_sps(Bytes nal) noexcept {
    H264Sps sps;
    RbspReader reader(nal.subspan(1));
    const std::uint32_t profile_idc = reader.bits(8);
    reader.skip(16);  // constraint flags, level_idc
    sps.id = reader.ue();
    if (std::find(high_profiles.begin(), high_profiles.end(), profile_idc) != high_profiles.end())
        read_chroma_format(sps, reader);
    sps.frame_num_bits = log2_of(reader.ue());
    sps.pic_order_cnt_type = static_cast<std::uint8_t>(std::min(reader.ue(), 255U));
    if (sps.pic_order_cnt_type == 0) {
        sps.poc_lsb_bits = log2_of(reader.ue());
    } else if (sps.pic_order_cnt_type == 1) {
        sps.delta_pic_order_always_zero = reader.flag();
        (void)reader.ue();  // offset_for_non_ref_pic
        (void)reader.ue();  // offset_for_top_to_bottom_field
        const std::uint32_t cycle = std::min(reader.ue(), 255U);
        for (std::uint32_t i = 0; i < cycle; ++i) (void)reader.ue();  // offset_for_ref_frame
    }
    (void)reader.ue();  // max_num_ref_frames
    sps.allows_frame_num_gaps = reader.flag();
    (void)reader.ue();  // pic_width_in_mbs_minus1
    (void)reader.ue();  // pic_height_in_map_units_minus1
    sps.frame_mbs_only = reader.flag();
    return sps;
}

H264Pps read_h264_pps(Bytes nal) noexcept {
    RbspReader reader(nal.subspan(1));
    H264Pps pps;
    pps.id = static_cast<std::uint16_t>(std::min(reader.ue(), 65535U));
    pps.sps_id = static_cast<std::uint8_t>(std::min(reader.ue(), 255U));
    reader.skip(1);  // entropy_coding_mode_flag
    pps.bottom_field_pic_order = reader.flag();
    pps.several_slice_groups = reader.ue() > 0;  // num_slice_groups_minus1
    if (pps.several_slice_groups) return pps;
    for (std::uint8_t& count : pps.refs) count = static_cast<std::uint8_t>(std::min(reader.ue(), 31U) + 1);
    pps.weighted_pred = reader.flag();
    pps.explicit_weighted_bipred = reader.bits(2) == 1;  // weighted_bipred_idc
    (void)reader.se();                                   // pic_init_qp_minus26
    (void)reader.se();                                   // pic_init_qs_minus26
    (void)reader.se();                                   // chroma_qp_index_offset
    reader.skip(2);  // deblocking_filter_control_present_flag, constrained_intra_pred_flag
    pps.redundant_pic_cnt_present = reader.flag();
    return pps;
}

void H264ParameterSets::take(Bytes nal) noexcept {
    if (h264_nal_type(nal) == h264_sps) {
        const H264Sps sps = read_h264_sps(nal);
        if (sps.id >= sps_.size()) return;
        frames_only_ = frames_only_ && sps.frame_mbs_only;
        may_reorder_ = may_reorder_ || sps.pic_order_cnt_type != 2;
        allows_frame_num_gaps_ = allows_frame_num_gaps_ || sps.allows_frame_num_gaps;
        sps_[sps.id] = sps;
    } else if (h264_nal_type(nal) == h264_pps) {
        const H264Pps pps = read_h264_pps(nal);
        if (pps.id < pps_.size() && pps.sps_id < sps_.size()) pps_[pps.id] = pps;
    }
}

/// slice_header(): ITU-T H.264, 7.3.3, up to pic_order_cnt_lsb. The rest is read of the first slice of a reference picture.
void H264ParameterSets::add_slice(H264Pictures& found, Bytes nal) const noexcept {
    RbspReader reader(nal.subspan(1));
    const std::uint32_t first_mb_in_slice = reader.ue();
    const std::uint32_t slice_type = reader.ue() % 5;
    const std::uint32_t pps_id = reader.ue();
    if (pps_id >= pps_.size()) {
        found.readable = false;
        return;
    }
    const H264Pps& pps = pps_[pps_id];
    const std::optional<H264Sps>& known = sps_[pps.sps_id];
    if (!known) {
        found.readable = false;
        return;
    }
    const H264Sps& sps = *known;
    if (sps.separate_colour_planes) reader.skip(2);  // colour_plane_id
    H264Picture picture;
    picture.frame_num_bits = sps.frame_num_bits;
    picture.frame_num = reader.bits(sps.frame_num_bits);
    picture.idr = h264_nal_type(nal) == h264_idr_slice;
    picture.reference = (nal[0] >> 5 & 3U) != 0;
    if (!sps.frame_mbs_only && reader.flag())  // field_pic_flag, bottom_field_flag
        picture.structure = reader.flag() ? PictureStructure::bottom_field : PictureStructure::top_field;
    if (picture.idr) (void)reader.ue();  // idr_pic_id
    picture.pic_order_cnt_type = sps.pic_order_cnt_type;
    picture.poc_lsb_bits = sps.poc_lsb_bits;
    picture.poc_lsb = reader.bits(sps.poc_lsb_bits);
    const bool continues_picture = first_mb_in_slice != 0 && found.count > 0 && found.count <= 2 &&
                                   found.pictures[static_cast<std::size_t>(found.count) - 1].structure == picture.structure;
    if (continues_picture) return;
    if (picture.reference && !picture.idr)
        picture.resets_numbers = resets_numbers(reader, sps, pps, slice_type, picture.structure != PictureStructure::frame);
    if (found.count < 2) found.pictures[static_cast<std::size_t>(found.count)] = picture;
    ++found.count;
}

void H264ParameterSets::read_record(Bytes record, int nal_length_size) noexcept {
    if (nal_length_size == 0) {
        for_each_nal(record, 0, [this](Bytes nal, bool) { take(nal); });
    } else {
        for_each_nal_in_avcc(record, [this](Bytes nal) { take(nal); });
    }
}

H264Pictures H264ParameterSets::read_packet(Bytes bytes, int nal_length_size) noexcept {
    H264Pictures found;
    for_each_nal(bytes, nal_length_size, [this, &found](Bytes nal, bool) {
        const unsigned type = h264_nal_type(nal);
        if (type == h264_slice || type == h264_slice_partition_a || type == h264_idr_slice) {
            add_slice(found, nal);
        } else {
            take(nal);
        }
    });
    return found;
}

}  // namespace kf::bitstream
