// What the bytes of one packet say, whatever the codec: a plain value.
#pragma once

#include <cstdint>
#include <optional>

namespace kf::bitstream {

constexpr int unknown_pictures = -1;

struct PacketFacts {
    int shown = unknown_pictures;  ///< pictures that a sequential decoder shows of it; unknown where its bytes cannot tell
    bool entry = false;            ///< decoding may begin here
    bool sequence_start = false;   ///< and nothing that comes after it in decode order refers to what is before it
    bool delayed = false;          ///< its picture is shown when the next such one comes
    bool completes_previous = false;    ///< it completes the picture of the packet before it
    bool droppable = false;             ///< nothing refers to its picture and nothing else in it matters
    bool headers = false;               ///< it brings headers that later packets are decoded by, beside parameter sets
    bool follows_loss = false;          ///< a picture that it refers to is missing
    std::optional<std::int64_t> order;  ///< compares pictures by presentation, where the codec counts them
    bool whole = true;                  ///< no part of it ends beyond its bytes
};

}  // namespace kf::bitstream
