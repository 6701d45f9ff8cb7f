// What the NAL unit headers and SEI messages of one H.264 packet say: whether decoding may begin with it, whether it may be
// left out. Pure; any thread; knows no other packet and never trusts a length.
#pragma once

#include "base/bytes.hpp"

namespace kf::bitstream {

using base::Bytes;

struct H264Packet {
    bool has_slice = false;
    bool idr = false;             ///< all slices are IDR slices
    bool idr_first = false;       ///< the first slice is one; the second field of an IDR picture need not be
    bool recovery_point = false;  ///< recovery_frame_cnt 0 and exact_match_flag 1: pictures shown from here on are exact
    bool only_plain = true;       ///< holds only nal_unit_type 1, 6, 9 and 12: slices, SEI, delimiters, filler
    bool reference = false;       ///< a slice has a nal_ref_idc other than 0
    bool whole = true;            ///< every NAL unit ends within the packet

    /// Decoding may begin here: nothing that is shown from here on refers to what is before.
    [[nodiscard]] bool entry() const noexcept { return has_slice && (idr || recovery_point); }
    /// No picture refers to this one, and the packet holds nothing that a decoder keeps. In doubt false.
    [[nodiscard]] bool droppable() const noexcept { return has_slice && only_plain && !reference && whole; }
};

/// nal_length_size: bytes of the length in front of each NAL unit (lengthSizeMinusOne + 1 of avcC), or 0 for start codes.
[[nodiscard]] H264Packet read_h264_packet(Bytes bytes, int nal_length_size) noexcept;

}  // namespace kf::bitstream
