// Notices lost AV1 frames by order hints: encoders count the frames that are shown (AV1 Bitstream & Decoding Process
// Specification, 6.8.2), and a packet shows one frame. Pure; any thread, one owner.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "bitstream/av1_obu.hpp"

namespace kf::bitstream {

class Av1OrderHints {
public:
    /// The next packet, read by `sequence`. Whether the order hint of a shown frame skips others: packets are lost in front
    /// of this one, or in front of those before it that seem to show a frame again.
    [[nodiscard]] bool skips(const Av1Packet& packet, const Av1Sequence& sequence) noexcept;
    /// The packets in front of the last one that show a frame by show_existing_frame. Each may show an earlier frame because
    /// the frame that it should show is lost, also where that frame seems to be the next one. Behind a frame that is shown
    /// again, all packets count up to the next key frame: the numbers behind it may seem to go on for a while.
    [[nodiscard]] int repeats_before() const noexcept { return repeats_before_; }
    /// Whether the order hints of the stream count frames; known at its end. Where layers were taken out of a stream, they
    /// do not.
    [[nodiscard]] bool believed() const noexcept { return skipped_ <= 1 + in_line_ / 2; }

private:
    [[nodiscard]] bool follow(const Av1FrameNumber& frame, int bits) noexcept;

    struct Slot {
        std::uint32_t order_hint = 0;
        bool hidden_key = false;  // a key frame that is not shown yet
    };
    std::array<Slot, 8> slots_{};        // the reference frames
    std::optional<std::uint32_t> last_;  // that of the frame shown last
    // That of a key frame that is never shown: the frame shown next takes its place, and hints count from it.
    std::optional<std::uint32_t> filtered_key_;
    int repeats_ = 0;                   // packets since then, or since a frame was shown again
    int repeats_before_ = 0;            // the same in front of the last packet
    bool repeats_in_sequence_ = false;  // a frame was shown again since the last key frame
    bool repeats_last_ = false;         // one of these shows a frame again: in front of a key frame nothing else tells
    int in_line_ = 0;                   // shown frames
    int skipped_ = 0;
};

}  // namespace kf::bitstream
