// Takes packed B-VOPs of MPEG-4 apart. DivX and XviD may put a B-VOP into the packet of the P-VOP that is decoded before it,
// and a small packet without a picture in the place of the B-VOP. MPEG-4 decoders undo that inside; here it is undone at the
// demuxer, so that every packet holds one picture and nothing else has to know. Owns a copy of the B-VOP that waits for its
// place. One owner, one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace kf::media {

class Mpeg4Unpacker {
public:
    /// `extradata`: the stream's; its user data may name the encoder.
    explicit Mpeg4Unpacker(std::span<const std::uint8_t> extradata) { note_user_data(extradata); }

    struct Piece {
        std::span<const std::uint8_t> bytes;  ///< a part of the packet given, or memory that is valid until the next call
        std::int64_t position = -1;           ///< in the source; -1 where the packet's position is not known
    };
    /// What to decode in the place of this packet. `position` is the packet's in the source, -1 where it is not known.
    [[nodiscard]] Piece take(std::span<const std::uint8_t> packet, std::int64_t position);

private:
    void note_user_data(std::span<const std::uint8_t> bytes);
    void hold(std::span<const std::uint8_t> bytes, std::int64_t position);

    bool packed_ = false;             // the user data seen last says that B-VOPs are packed
    std::vector<std::uint8_t> held_;  // the B-VOP that waits for its place; empty where none waits
    std::int64_t held_position_ = -1;
    std::vector<std::uint8_t> given_;  // the memory of the Piece given last
};

}  // namespace kf::media
