// What the open bitstream units (OBUs) of one AV1 temporal unit say: AV1 Bitstream & Decoding Process Specification, 5.3
// to 5.9. Pure; any thread; never trusts a length. Reads no tile.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.hpp"

namespace kf::bitstream {

using base::Bytes;

/// What frame headers are read by: sequence_header_obu(), 5.5.1, of the last sequence header seen.
struct Av1Sequence {
    bool known = false;  ///< a sequence header was seen and is not cut short
    bool reduced_still_picture_header = false;
    bool equal_picture_interval = false;
    bool decoder_model_info_present = false;
    int buffer_removal_time_bits = 0;
    int frame_presentation_time_bits = 0;
    int operating_points = 1;
    std::array<std::uint16_t, 32> operating_point_idc{};
    std::array<bool, 32> decoder_model_present_for_op{};
    int frame_id_bits = 0;               ///< 0: frames have no ids
    int force_screen_content_tools = 2;  ///< 2: each frame header says
    int force_integer_mv = 2;
    int order_hint_bits = 0;

    /// Whether the operating point that is decoded, the first one, holds the layers of an OBU's extension header.
    [[nodiscard]] bool decodes(unsigned extension_header) const noexcept;
    [[nodiscard]] bool has_several_spatial_layers() const noexcept;
};

/// What one frame header says of order hints.
struct Av1FrameNumber {
    std::uint32_t order_hint = 0;  ///< unless `existing`
    std::uint8_t slot = 0;         ///< frame_to_show_map_idx, where `existing`
    std::uint8_t refreshed = 0;    ///< refresh_frame_flags
    bool existing = false;         ///< show_existing_frame
    bool shown = false;
    bool key = false;  ///< a key frame, unless `existing`
};

struct Av1Packet {
    int frames = 0;                            ///< frame headers
    std::array<Av1FrameNumber, 16> numbers{};  ///< of the first of them
    int shown = 0;                             ///< frames shown, with those of show_existing_frame
    bool sequence_header = false;
    bool begins_with_key = false;  ///< the first frame is a key frame that is shown
    bool shows_existing = false;   ///< show_existing_frame
    bool refreshes = false;  ///< refresh_frame_flags is not 0, so later frames may refer to one of these, or is not readable
    bool whole = true;       ///< every OBU ends within the packet

    [[nodiscard]] int kept() const noexcept { return frames < 16 ? frames : 16; }
    /// Delayed random access points and switch frames are no entries: they need frames from before.
    [[nodiscard]] bool entry() const noexcept { return sequence_header && begins_with_key; }
    [[nodiscard]] bool droppable() const noexcept {
        return frames > 0 && !sequence_header && !shows_existing && !refreshes && whole;
    }
};

/// A temporal unit as MP4, Matroska and IVF hold it: OBUs with obu_size. Takes in the sequence header on the way.
[[nodiscard]] Av1Packet read_av1_packet(Bytes bytes, Av1Sequence& sequence) noexcept;

}  // namespace kf::bitstream
