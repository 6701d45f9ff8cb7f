#include "bitstream/h264_marking.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace kf::bitstream {
namespace {

// slice_type modulo 5: ITU-T H.264, table 7-6.
constexpr std::uint32_t b_slice = 1;
constexpr std::uint32_t i_slice = 2;
constexpr std::uint32_t si_slice = 4;

constexpr std::uint32_t most_references = 32;
constexpr std::uint32_t most_operations = 66;  // more than a picture buffer of fields can need

/// delta_pic_order_cnt_bottom or delta_pic_order_cnt, and redundant_pic_cnt.
void skip_order_counts(RbspReader& reader, const H264Sps& sps, const H264Pps& pps, bool field) noexcept {
    const bool bottom = pps.bottom_field_pic_order && !field;
    if (sps.pic_order_cnt_type == 0 && bottom) (void)reader.se();
    if (sps.pic_order_cnt_type == 1 && !sps.delta_pic_order_always_zero) {
        (void)reader.se();
        if (bottom) (void)reader.se();
    }
    if (pps.redundant_pic_cnt_present) (void)reader.ue();
}

/// ref_pic_list_modification() of one list: 7.3.3.1.
void skip_list_modification(RbspReader& reader) noexcept {
    if (!reader.flag()) return;
    for (std::uint32_t i = 0; i <= 2 * most_references && reader.ue() < 3; ++i) (void)reader.ue();
}

/// The weights of one list of pred_weight_table(): 7.3.3.2.
void skip_weights(RbspReader& reader, std::uint32_t count, bool has_chroma) noexcept {
    for (std::uint32_t i = 0; i < count; ++i) {
        if (reader.flag()) {
            (void)reader.se();
            (void)reader.se();
        }
        if (has_chroma && reader.flag()) {
            for (int value = 0; value < 4; ++value) (void)reader.se();
        }
    }
}

/// dec_ref_pic_marking() of a picture that is not an IDR picture: 7.3.3.3.
bool has_reset(RbspReader& reader) noexcept {
    if (!reader.flag()) return false;  // adaptive_ref_pic_marking_mode_flag
    for (std::uint32_t i = 0; i < most_operations; ++i) {
        const std::uint32_t operation = reader.ue();
        if (operation == 0 || operation > 6 || reader.past_end()) return false;
        if (operation == 5) return true;
        (void)reader.ue();
        if (operation == 3) (void)reader.ue();
    }
    return false;
}

}  // namespace

bool resets_numbers(RbspReader& reader, const H264Sps& sps, const H264Pps& pps, std::uint32_t slice_type,
                    bool field) noexcept {
    if (pps.several_slice_groups) return false;
    skip_order_counts(reader, sps, pps, field);
    const bool b = slice_type == b_slice;
    const bool intra = slice_type == i_slice || slice_type == si_slice;
    std::array<std::uint32_t, 2> counts{pps.refs[0], b ? pps.refs[1] : 0U};
    if (b) reader.skip(1);          // direct_spatial_mv_pred_flag
    if (!intra && reader.flag()) {  // num_ref_idx_active_override_flag
        counts[0] = std::min(reader.ue(), most_references - 1) + 1;
        if (b) counts[1] = std::min(reader.ue(), most_references - 1) + 1;
    }
    if (!intra) skip_list_modification(reader);
    if (b) skip_list_modification(reader);
    if (!intra && (b ? pps.explicit_weighted_bipred : pps.weighted_pred)) {
        (void)reader.ue();                      // luma_log2_weight_denom
        if (sps.has_chroma) (void)reader.ue();  // chroma_log2_weight_denom
        for (const std::uint32_t count : counts) skip_weights(reader, count, sps.has_chroma);
    }
    return has_reset(reader);
}

}  // namespace kf::bitstream
