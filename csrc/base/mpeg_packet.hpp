// What the bytes of one packet say by themselves in the codecs that put start codes in front of everything: MPEG-1 and
// MPEG-2, MPEG-4 part 2, VC-1's advanced profile. Pure; never trusts a length.
#pragma once

#include <cstdint>
#include <span>

namespace kf {

struct Mpeg12Packet {
    int pictures = 0;    ///< picture headers: frames or fields
    bool field = false;  ///< the first of them is a field
    bool sequence_header = false;
    bool first_intra = false;     ///< the first picture is an I-picture
    bool only_b = true;           ///< all pictures are B-pictures
    bool changes_header = false;  ///< a sequence or GOP header, or new quantiser matrices

    [[nodiscard]] bool entry() const noexcept { return sequence_header && first_intra; }
    [[nodiscard]] bool droppable() const noexcept { return pictures > 0 && only_b && !changes_header; }
};

[[nodiscard]] Mpeg12Packet read_mpeg12_packet(std::span<const std::uint8_t> bytes) noexcept;

struct Mpeg4Packet {
    int planes = 0;             ///< video object planes
    bool layer_header = false;  ///< a video object layer header
    bool group_header = false;  ///< a group of planes begins: times are said anew
    bool interlaced = false;    ///< the layer header says so, or could not be read
    bool user_data = false;
    bool first_intra = false;  ///< the first plane is intra coded
    bool only_b = true;        ///< every plane is a coded B-plane
};

/// time_bits: of the field that says when a plane is shown; a layer header sets it.
[[nodiscard]] Mpeg4Packet read_mpeg4_packet(std::span<const std::uint8_t> bytes, int& time_bits) noexcept;

struct Vc1Packet {
    bool sequence_header = false;
    bool entry_point = false;  ///< comes before an I-picture
};

/// VC-1, advanced profile.
[[nodiscard]] Vc1Packet read_vc1_packet(std::span<const std::uint8_t> bytes) noexcept;

}  // namespace kf
