// What the frame headers of one VP6, VP8 or VP9 packet say. None of their packets is droppable: a VP9 frame that refreshes
// no picture still hands on probabilities and motion vectors. Pure; any thread; knows no other packet and never trusts a
// length.
#pragma once

#include <optional>

#include "base/bytes.hpp"

namespace kf::bitstream {

using base::Bytes;

struct VpxPacket {
    std::optional<int> shown;  ///< pictures that the packet shows; nothing where its header cannot be read
    bool entry = false;        ///< the packet begins with a key frame
};

/// with_alpha: VP6A, which has the size of the colour part in front. Key frames of one partition are no entries: where their
/// data are Huffman coded, libavcodec decodes them by probabilities of the frame before.
[[nodiscard]] VpxPacket read_vp6_packet(Bytes bytes, bool with_alpha) noexcept;
/// RFC 6386, 9.1.
[[nodiscard]] VpxPacket read_vp8_packet(Bytes bytes) noexcept;
/// VP9 Bitstream & Decoding Process Specification, 6.2 and annex B: of a superframe, frame by frame.
[[nodiscard]] VpxPacket read_vp9_packet(Bytes bytes) noexcept;

}  // namespace kf::bitstream
