// What the bytes of one packet say, whatever the codec. A plain value.
#pragma once

#include <cstdint>
#include <optional>

namespace kf::bitstream {

/// The packet's bytes do not tell how many pictures it shows, so the stream has to be decoded once to know.
constexpr int unknown_pictures = -1;

/// Where a picture may be lost that others refer to, as far as numbers tell.
enum class PossibleLoss : std::uint8_t {
    none,
    before_this,            ///< in front of this packet
    behind_last_reference,  ///< in front of this packet, behind the last packet that is `delayed`
    before_last_reference,  ///< in front of the last packet that is `delayed` and begins a picture
};

struct PacketFacts {
    /// How many pictures of this packet a decoder shows that decodes the stream from its beginning, or unknown_pictures. A
    /// second field shows 0: its picture counts with the first field.
    int shown = unknown_pictures;
    /// A random access point: decoding may begin with this packet, and every picture shown after its picture is exact.
    /// Pictures that follow it in coded order and are shown before its picture need packets from before.
    bool entry = false;
    /// The last entry is none: this picture needs packets from before it, though it is shown after it.
    bool needs_before_entry = false;
    /// An entry behind which nothing refers to what is before it, leading pictures apart that are not shown: H.264 IDR, HEVC
    /// IRAP.
    bool sequence_start = false;
    /// The picture is shown when the next delayed picture is decoded: an I- or P-picture of a stream with B-pictures.
    bool delayed = false;
    /// This packet holds the second field of the frame whose first field is in the packet before.
    bool completes_previous = false;
    /// No picture refers to the picture of this packet, and the packet holds nothing that a decoder keeps: it need not be
    /// sent where nobody wants its picture. In doubt false.
    bool droppable = false;
    /// The packet brings headers that later packets are decoded by, other than those that parameter_sets.hpp finds.
    bool headers = false;
    /// Believed only if PacketReader::counts_pictures() is true at the end of the stream.
    PossibleLoss possible_loss = PossibleLoss::none;
    int packets_earlier = 0;  ///< with PossibleLoss::before_this: the loss is in front of a packet that many before this one
    /// The packet before holds a first field, and its second field is not in the stream.
    bool previous_lacks_field = false;
    /// Compares pictures by presentation: a smaller order is shown first. Nothing where the headers have no order count.
    std::optional<std::int64_t> order;
    /// No length in the packet goes beyond its bytes.
    bool whole = true;
};

}  // namespace kf::bitstream
