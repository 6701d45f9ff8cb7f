// What the bytes of one packet say by themselves in the codecs that put start codes in front of everything: MPEG-1 and
// MPEG-2, MPEG-4 part 2. Pure; never trusts a length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace kf::bitstream {

struct Mpeg12Packet {
    int pictures = 0;              ///< picture headers: frames or fields
    int temporal_reference = 0;    ///< of the first of them, in the order of showing, modulo 1024
    bool field = false;            ///< the first of them is a field
    bool sequence_header = false;  ///< in front of the pictures
    bool first_intra = false;      ///< the first picture is an I-picture
    bool only_b = true;            ///< all pictures are B-pictures
    bool gop_header = false;       ///< places are counted from 0 again
    bool changes_header = false;   ///< a sequence or GOP header, or new quantiser matrices
    bool ends_sequence = false;
    // Of the sequence header:
    bool low_delay = false;
    std::uint32_t width = 0;
    std::uint32_t height = 0;

    [[nodiscard]] bool entry() const noexcept { return sequence_header && first_intra; }
    [[nodiscard]] bool droppable() const noexcept { return pictures > 0 && only_b && !changes_header; }
    /// A frame, or both fields of one.
    [[nodiscard]] bool one_frame() const noexcept { return pictures == (field ? 2 : 1); }
};

[[nodiscard]] Mpeg12Packet read_mpeg12_packet(std::span<const std::uint8_t> bytes) noexcept;

/// What a video object layer header says.
struct Mpeg4Vol {
    int time_bits = 1;           ///< of the field that says when a plane is shown
    std::int64_t ticks = 0;      ///< a second
    bool delay_known = false;    ///< whether there are B-planes
    bool delay_assumed = false;  ///< none, by the type of the layer, until one is seen
    bool low_delay = false;
    bool interlaced = false;  ///< or it could not be read
    std::uint32_t macroblocks = 0;
    friend bool operator==(const Mpeg4Vol&, const Mpeg4Vol&) = default;
};

struct Mpeg4Packet {
    int vops = 0;             ///< video object planes
    bool vol_header = false;  ///< a video object layer header
    bool gop_header = false;  ///< a group of planes begins: times are said anew
    bool user_data = false;
    // Of the first plane:
    std::size_t bytes = 0;
    bool intra = false;
    bool b_vop = false;
    bool coded = false;        ///< it holds a picture, and not only the time of one
    std::int64_t seconds = 0;  ///< that it says have passed
    std::int64_t ticks = 0;    ///< and of the next one
    std::int64_t group_seconds = 0;
};

/// vol: in force before the packet; a layer header in it changes it.
[[nodiscard]] Mpeg4Packet read_mpeg4_packet(std::span<const std::uint8_t> bytes, Mpeg4Vol& vol) noexcept;

}  // namespace kf::bitstream
