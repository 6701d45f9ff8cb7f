// H.264 NAL units for the tests: parameter sets of 80x64 pixels and slices of any frame_num.
#pragma once

#include <string>

#include "bits.hpp"

namespace kf::tests {

struct Sps {
    unsigned id = 0;
    unsigned log2_max_frame_num_minus4 = 0;
    unsigned pic_order_cnt_type = 2;
    unsigned log2_max_poc_lsb_minus4 = 0;
    bool gaps_allowed = false;
    bool frame_mbs_only = true;
};

/// ITU-T H.264, 7.3.2.1.1, of the main profile, with one reference frame.
inline Buffer sps(const Sps& set = {}) {
    std::string text = "0 11 00111 01001101 00000000 00011110" + ue(set.id) + ue(set.log2_max_frame_num_minus4) +
                       ue(set.pic_order_cnt_type);
    if (set.pic_order_cnt_type == 0) text += ue(set.log2_max_poc_lsb_minus4);
    text += ue(1) + (set.gaps_allowed ? "1" : "0") + ue(4) + ue(3) + (set.frame_mbs_only ? "1" : "0 0");
    return bits(text + "1 0 0 1");  // direct_8x8_inference_flag, no cropping, no VUI, rbsp_stop_one_bit
}

inline Buffer pps(unsigned id = 0, unsigned sps_id = 0) {
    return bits("0 11 01000" + ue(id) + ue(sps_id) + "1");
}

struct Slice {
    bool idr = false;
    unsigned nal_ref_idc = 2;
    unsigned first_mb = 0;
    unsigned frame_num = 0;
    int frame_num_bits = 4;
    std::string field = "";  ///< of an SPS with fields: "0" a frame, "1 0" a top field, "1 1" a bottom field
    unsigned poc_lsb = 0;
    int poc_lsb_bits = 0;
    unsigned pps_id = 0;
};

/// ITU-T H.264, 7.3.3, of a P-slice or, as IDR, of an I-slice.
inline Buffer slice(const Slice& header = {}) {
    std::string text = "0" + u(2, header.nal_ref_idc) + (header.idr ? "00101" : "00001");
    text += ue(header.first_mb) + ue(header.idr ? 7 : 5) + ue(header.pps_id) + u(header.frame_num_bits, header.frame_num);
    text += header.field + (header.idr ? ue(0) : "") + u(header.poc_lsb_bits, header.poc_lsb);
    return joined({bits(text + "1"), {0xAB, 0xCD}});
}

}  // namespace kf::tests
