// Whether a packet of an older codec without start codes is an I-picture, by the first bits of its picture header. Such
// packets show one picture each, in coded order; only WMV2's may show none. Pure; any thread; knows no other packet.
#pragma once

#include "base/bytes.hpp"

namespace kf::bitstream {

using base::Bytes;

/// Microsoft's MPEG-4 versions 1 to 3 (DivX 3), and WMV1. start_code: version 1 has one.
[[nodiscard]] bool is_msmpeg4_intra(Bytes bytes, bool start_code) noexcept;
[[nodiscard]] bool is_wmv2_intra(Bytes bytes) noexcept;
/// ITU-T H.263, 5.1.
[[nodiscard]] bool is_h263_intra(Bytes bytes) noexcept;
/// Sorenson's H.263, as FLV has it.
[[nodiscard]] bool is_flv1_intra(Bytes bytes) noexcept;

}  // namespace kf::bitstream
