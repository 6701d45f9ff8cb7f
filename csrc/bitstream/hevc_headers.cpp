#include "bitstream/hevc_headers.hpp"

#include <algorithm>

#include "bitstream/bit_reader.hpp"
#include "bitstream/nal_units.hpp"

namespace kf::bitstream {
namespace {

constexpr std::uint32_t most_log2_minus4 = 12;  // of MaxPicOrderCntLsb: ITU-T H.265, 7.4.3.2.1

RbspReader payload_of(Bytes nal) noexcept {
    return RbspReader(nal.subspan(hevc_nal_header_bytes));
}

/// profile_tier_level(): ITU-T H.265, 7.3.3.
void skip_profile_tier_level(RbspReader& reader, unsigned max_sub_layers_minus1) noexcept {
    constexpr std::size_t profile_bits = 88;
    constexpr std::size_t level_bits = 8;
    reader.skip(profile_bits + level_bits);
    std::size_t profiles = 0;
    std::size_t levels = 0;
    for (unsigned i = 0; i < 8 && max_sub_layers_minus1 > 0; ++i) {
        const bool profile_present = reader.flag();
        const bool level_present = reader.flag();
        if (i >= max_sub_layers_minus1) continue;  // reserved_zero_2bits
        profiles += profile_present;
        levels += level_present;
    }
    reader.skip(profiles * profile_bits + levels * level_bits);
}

}  // namespace

std::optional<HevcNalHeader> read_hevc_nal_header(Bytes nal) noexcept {
    if (nal.size() < hevc_nal_header_bytes) return {};
    return HevcNalHeader{nal[0] >> 1 & 63U, (nal[0] & 1U) << 5 | nal[1] >> 3, (nal[1] & 7) - 1};
}

std::uint32_t read_hevc_vps_id(Bytes nal) noexcept {
    return payload_of(nal).bits(4);
}

HevcSps read_hevc_sps(Bytes nal) noexcept {
    HevcSps sps;
    RbspReader reader = payload_of(nal);
    reader.skip(4);  // sps_video_parameter_set_id
    const unsigned max_sub_layers_minus1 = reader.bits(3);
    sps.highest_temporal_id = static_cast<int>(max_sub_layers_minus1);
    reader.skip(1);  // sps_temporal_id_nesting_flag
    skip_profile_tier_level(reader, max_sub_layers_minus1);
    sps.id = reader.ue();
    sps.separate_colour_planes = reader.ue() == 3 && reader.flag();  // chroma_format_idc
    (void)reader.ue();                                               // pic_width_in_luma_samples
    (void)reader.ue();                                               // pic_height_in_luma_samples
    if (reader.flag()) {                                             // conformance_window_flag
        for (int side = 0; side < 4; ++side) (void)reader.ue();
    }
    (void)reader.ue();  // bit_depth_luma_minus8
    (void)reader.ue();  // bit_depth_chroma_minus8
    sps.poc_lsb_bits = static_cast<int>(std::min(reader.ue(), most_log2_minus4)) + 4;
    return sps;
}

HevcPps read_hevc_pps(Bytes nal) noexcept {
    HevcPps pps;
    RbspReader reader = payload_of(nal);
    pps.id = reader.ue();
    pps.sps_id = reader.ue();
    reader.skip(1);  // dependent_slice_segments_enabled_flag
    pps.output_flag_present = reader.flag();
    pps.extra_slice_header_bits = static_cast<int>(reader.bits(3));
    return pps;
}

void HevcParameterSets::take(unsigned nal_type, Bytes nal) noexcept {
    if (nal_type == hevc_sps && nal.size() > hevc_nal_header_bytes) {
        const HevcSps sps = read_hevc_sps(nal);
        highest_temporal_id_ = std::max(highest_temporal_id_, sps.highest_temporal_id);
        if (sps.id < sps_.size()) sps_[sps.id] = sps;
    } else if (nal_type == hevc_pps) {
        const HevcPps pps = read_hevc_pps(nal);
        may_hide_pictures_ = may_hide_pictures_ || pps.output_flag_present;
        if (pps.id < pps_.size() && pps.sps_id < sps_.size()) pps_[pps.id] = pps;
    }
}

/// slice_segment_header(): ITU-T H.265, 7.3.6.1, of the first slice segment of a picture.
HevcPocLsb HevcParameterSets::read_poc_lsb(unsigned nal_type, Bytes nal) const noexcept {
    RbspReader reader = payload_of(nal);
    reader.skip(1);                                                                 // first_slice_segment_in_pic_flag
    if (nal_type >= hevc_first_irap && nal_type <= hevc_last_irap) reader.skip(1);  // no_output_of_prior_pics_flag
    const std::uint32_t pps_id = reader.ue();
    if (pps_id >= pps_.size()) return {};
    const HevcPps& pps = pps_[pps_id];
    const HevcSps& sps = sps_[pps.sps_id];
    if (nal_type == hevc_idr_w_radl || nal_type == hevc_idr_n_lp) return {0, sps.poc_lsb_bits};
    if (sps.poc_lsb_bits == 0) return {};  // no such SPS was seen
    reader.skip(static_cast<std::size_t>(pps.extra_slice_header_bits));
    (void)reader.ue();                               // slice_type
    if (pps.output_flag_present) reader.skip(1);     // pic_output_flag
    if (sps.separate_colour_planes) reader.skip(2);  // colour_plane_id
    return {reader.bits(sps.poc_lsb_bits), sps.poc_lsb_bits};
}

void HevcParameterSets::read_record(Bytes record, int nal_length_size) noexcept {
    const auto take_base_layer = [this](Bytes nal) {
        const auto header = read_hevc_nal_header(nal);
        if (header && header->layer_id == 0) take(header->type, nal);
    };
    if (nal_length_size == 0) {
        for_each_nal(record, 0, [&](Bytes nal, bool) { take_base_layer(nal); });
    } else {
        for_each_nal_in_hvcc(record, take_base_layer);
    }
}

}  // namespace kf::bitstream
