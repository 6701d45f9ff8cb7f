// Parses the VC-1 headers that pictures are read by: SMPTE 421M, sequence header and entry-point header. Pure; any thread;
// never trusts a length.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "bitstream/start_codes.hpp"

namespace kf::bitstream {

namespace vc1 {
// BDU types: SMPTE 421M, annex E, table 251.
constexpr unsigned field = 0x0C;  // the second field of a frame
constexpr unsigned frame = 0x0D;
constexpr unsigned entry_point = 0x0E;
constexpr unsigned sequence = 0x0F;
// Bits of Vc1EntryPoint::tools.
constexpr std::uint32_t field_distance = 1U << 9;  // REFDIST_FLAG
constexpr std::uint32_t quantiser = 3;             // QUANTIZER
}  // namespace vc1

/// Sequence header. libavcodec takes it from the extradata alone, of the advanced profile too, though packets may bring
/// another.
struct Vc1Sequence {
    bool known = false;
    bool advanced = false;         ///< the advanced profile; otherwise simple or main
    bool interpolation = false;    ///< FINTERPFLAG
    bool range_reduction = false;  ///< RANGERED, simple and main
    bool b_pictures = true;        ///< MAXBFRAMES is not 0, simple and main
    bool interlaced = false;       ///< INTERLACE, advanced
    bool frame_counter = false;    ///< TFCNTRFLAG
    bool pulldown = false;         ///< PULLDOWN
    bool postprocessing = false;   ///< POSTPROCFLAG
    int hrd_buffers = 0;           ///< HRD_NUM_LEAKY_BUCKETS: entry-point headers say how full each is
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

/// Entry-point header: what later packets are read by. libavcodec takes it from packets, too.
struct Vc1EntryPoint {
    bool known = false;
    std::uint32_t tools = 0;    ///< the flags from PANSCAN_FLAG to QUANTIZER
    bool extended_dmv = false;  ///< EXTENDED_DMV
    std::uint32_t ranges = 0;   ///< RANGE_MAPY and RANGE_MAPUV
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    friend bool operator==(const Vc1EntryPoint&, const Vc1EntryPoint&) = default;
};

/// Of the simple and main profiles: annex J, STRUCT_C.
[[nodiscard]] Vc1Sequence read_vc1_main_sequence(Bytes bytes) noexcept;
/// Of the advanced profile: 6.1. payload: of its BDU.
[[nodiscard]] Vc1Sequence read_vc1_sequence(Bytes payload) noexcept;
/// 6.2. before: the header in force until then.
[[nodiscard]] Vc1EntryPoint read_vc1_entry_point(Bytes payload, const Vc1Sequence& sequence,
                                                 const Vc1EntryPoint& before) noexcept;

/// The sequence header and the entry-point header that a packet begins with: extradata, where the container has none. Empty
/// where the packet lacks one of them.
[[nodiscard]] Bytes vc1_headers(Bytes packet) noexcept;

/// Calls visit(type, payload) for every BDU behind a start code.
template <class Visit>
void for_each_vc1_unit(Bytes bytes, Visit visit) {
    for_each_start_code(bytes, [&visit](Bytes unit, Bytes) {
        if (!unit.empty()) visit(unsigned{unit[0]}, unit.subspan(1));
    });
}

}  // namespace kf::bitstream
