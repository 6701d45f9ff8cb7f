// What the bytes of one VP6, VP8 or VP9 packet say by themselves. None of their packets is ever droppable: a VP9 frame that
// refreshes no picture still hands on contexts and motion vectors. Pure; never trusts a length.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace kf::bitstream {

using base::Bytes;

struct VpxPacket {
    std::optional<int> shown;  ///< pictures that it shows; nothing where the bytes make no sense
    bool entry = false;        ///< it begins with a key frame
};

/// with_alpha: VP6A, which puts the size of the colour part in front.
[[nodiscard]] VpxPacket read_vp6_packet(Bytes bytes, bool with_alpha) noexcept;
[[nodiscard]] VpxPacket read_vp8_packet(Bytes bytes) noexcept;
/// A superframe's frames are looked at one by one.
[[nodiscard]] VpxPacket read_vp9_packet(Bytes bytes) noexcept;

}  // namespace kf::bitstream
