// DivX and XviD pack a B-plane behind the P-plane that is decoded before it and put a small packet in its own place. This
// takes them apart again, as MPEG-4 decoders do inside, so that every packet holds one picture. One owner, one thread at a
// time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace kf::media {

class Mpeg4Unpacker {
public:
    explicit Mpeg4Unpacker(std::span<const std::uint8_t> extradata) { note_user_data(extradata); }

    struct Piece {
        std::span<const std::uint8_t> bytes;  ///< of the packet given, or valid until the next call
        std::int64_t position = -1;           ///< in the source; -1 where the packet's is not known
    };
    /// What to decode in this packet's place.
    [[nodiscard]] Piece take(std::span<const std::uint8_t> packet, std::int64_t position);

private:
    void note_user_data(std::span<const std::uint8_t> bytes);
    void hold(std::span<const std::uint8_t> bytes, std::int64_t position);

    bool packed_ = false;
    std::vector<std::uint8_t> held_;  // empty: nothing
    std::int64_t held_position_ = -1;
    std::vector<std::uint8_t> given_;
};

}  // namespace kf::media
