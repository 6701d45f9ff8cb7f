// What the headers of one MPEG-4 part 2 packet say: VOL, group of VOP, VOP. Pure; any thread; never trusts a length.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace kf::bitstream {

using base::Bytes;

// Last bytes of start codes: ISO/IEC 14496-2, table 6-3.
constexpr std::uint8_t mpeg4_first_vol = 0x20;  // video_object_layer_start_code; below it is video_object_start_code
constexpr std::uint8_t mpeg4_last_vol = 0x2F;
constexpr std::uint8_t mpeg4_visual_object_sequence = 0xB0;
constexpr std::uint8_t mpeg4_user_data = 0xB2;
constexpr std::uint8_t mpeg4_group_of_vop = 0xB3;
constexpr std::uint8_t mpeg4_visual_object = 0xB5;
constexpr std::uint8_t mpeg4_vop = 0xB6;

/// Whether a start code begins a header that stands in front of VOPs: a sequence, an object or a VOL.
[[nodiscard]] constexpr bool is_mpeg4_header(unsigned code) noexcept {
    return code <= mpeg4_last_vol || code == mpeg4_visual_object_sequence || code == mpeg4_visual_object;
}

/// Video object layer header: ISO/IEC 14496-2, 6.2.3.
struct Mpeg4Vol {
    std::int64_t time_increment_resolution = 0;  ///< vop_time_increment_resolution: ticks per second; 0 before the first VOL
    int time_increment_bits = 1;                 ///< of vop_time_increment
    std::int64_t fixed_increment = 0;            ///< fixed_vop_time_increment: ticks from VOP to VOP; 0 where they vary
    bool says_low_delay = false;                 ///< vol_control_parameters: low_delay is coded
    bool assumes_low_delay = false;  ///< it is not, and the type of the VOL has no B-VOPs: true until a B-VOP comes
    bool low_delay = false;          ///< no B-VOPs
    bool interlaced = false;         ///< or not rectangular, or not readable
    std::uint32_t macroblocks = 0;
    friend bool operator==(const Mpeg4Vol&, const Mpeg4Vol&) = default;
};

struct Mpeg4Packet {
    int vops = 0;
    bool vol_header = false;
    bool gov_header = false;  ///< a group of VOP: gov_time_code sets the time anew
    bool user_data = false;
    std::int64_t gov_seconds = 0;  ///< gov_time_code
    // Of the first VOP:
    std::size_t bytes = 0;                ///< from the VOP header to the end of the packet
    bool intra = false;                   ///< an I-VOP
    bool b_vop = false;                   ///< a B-VOP
    bool coded = false;                   ///< vop_coded; 0 says that no picture belongs to this time
    std::int64_t modulo_time_base = 0;    ///< seconds since the last reference VOP or group of VOP
    std::int64_t vop_time_increment = 0;  ///< ticks since that second
};

/// vol: the VOL header in force before the packet; a VOL header in the packet replaces it.
[[nodiscard]] Mpeg4Packet read_mpeg4_packet(Bytes bytes, Mpeg4Vol& vol) noexcept;

}  // namespace kf::bitstream
