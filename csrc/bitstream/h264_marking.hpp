// Reads the second half of an H.264 slice header, for one fact: whether memory_management_control_operation 5 makes
// frame_num and the picture order count start from 0 again (ITU-T H.264, 7.4.3.3). Pure; any thread; reads no macroblock.
#pragma once

#include <cstdint>

#include "bitstream/bit_reader.hpp"
#include "bitstream/h264_headers.hpp"

namespace kf::bitstream {

/// reader: behind pic_order_cnt_lsb in the first slice of a reference picture that is not an IDR picture. slice_type: modulo
/// 5. False where the PPS has several slice groups.
[[nodiscard]] bool resets_numbers(RbspReader& reader, const H264Sps& sps, const H264Pps& pps, std::uint32_t slice_type,
                                  bool field) noexcept;

}  // namespace kf::bitstream
