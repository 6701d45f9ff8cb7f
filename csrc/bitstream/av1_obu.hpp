// What the bytes of one AV1 temporal unit say by themselves, and the facts of the sequence header that reading a frame
// header takes. Pure; never trusts a length.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace kf::bitstream {

/// From the last sequence header seen.
struct Av1Sequence {
    bool known = false;
    bool reduced_still_picture = false;
    bool equal_picture_interval = false;
    bool decoder_model = false;
    int buffer_removal_time_bits = 0;
    int frame_presentation_time_bits = 0;
    int operating_points = 1;
    std::array<std::uint16_t, 32> operating_point_idc{};
    std::array<bool, 32> decoder_model_for_point{};
    int frame_id_bits = 0;         ///< 0: frames have no ids
    int screen_content_tools = 2;  ///< 2: a frame header says
    int integer_mv = 2;
    int order_hint_bits = 0;
    /// Whether the first operating point, the one that is decoded, holds these layers (an OBU's extension byte).
    [[nodiscard]] bool decodes(unsigned layers) const noexcept;
    [[nodiscard]] bool several_spatial_layers() const noexcept;
};

struct Av1Packet {
    int frames = 0;  ///< frame headers
    int shown = 0;   ///< frames shown, those shown again among them
    bool sequence_header = false;
    bool begins_with_key = false;  ///< its first frame is a key frame that is shown
    bool shows_again = false;
    bool refreshes = false;  ///< a later frame may refer to one of it, or it could not be told
    bool whole = true;       ///< every OBU ends within the bytes given

    /// Delayed random access points and S-frames are not believed.
    [[nodiscard]] bool entry() const noexcept { return sequence_header && begins_with_key; }
    [[nodiscard]] bool droppable() const noexcept {
        return frames > 0 && !sequence_header && !shows_again && !refreshes && whole;
    }
};

/// OBUs with their sizes in front, as MP4, Matroska and IVF hold them. Takes in the sequence header first.
[[nodiscard]] Av1Packet read_av1_packet(std::span<const std::uint8_t> bytes, Av1Sequence& sequence) noexcept;

}  // namespace kf::bitstream
