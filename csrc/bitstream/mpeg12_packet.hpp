// What the headers of one MPEG-1 or MPEG-2 packet say. Pure; any thread; knows no other packet and never trusts a length.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace kf::bitstream {

using base::Bytes;

struct Mpeg12Packet {
    int pictures = 0;              ///< picture headers: frames or fields
    int temporal_reference = 0;    ///< of the first picture: its place in presentation order within the GOP, modulo 1024
    bool field = false;            ///< picture_structure of the first picture is a field
    bool sequence_header = false;  ///< a sequence header in front of the first picture
    bool first_intra = false;      ///< the first picture is an I-picture
    bool only_b = true;            ///< all pictures are B-pictures
    bool gop_header = false;       ///< temporal_reference counts from 0 again
    bool changes_header = false;   ///< a sequence header, a GOP header or new quantiser matrices
    bool ends_sequence = false;    ///< a sequence_end_code
    // Of the sequence header:
    bool low_delay = false;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t sampling = 0;  ///< progressive_sequence and chroma_format; 0 in MPEG-1

    [[nodiscard]] bool entry() const noexcept { return sequence_header && first_intra; }
    [[nodiscard]] bool droppable() const noexcept { return pictures > 0 && only_b && !changes_header; }
    /// A frame, or both fields of one.
    [[nodiscard]] bool is_one_frame() const noexcept { return pictures == (field ? 2 : 1); }
};

[[nodiscard]] Mpeg12Packet read_mpeg12_packet(Bytes bytes) noexcept;

}  // namespace kf::bitstream
