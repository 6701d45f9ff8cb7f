// Follows an MPEG-4 part 2 stream in coded order and says which pictures libavcodec shows and when. Where its rules are not
// simple, the answer is unknown_pictures and the stream has to be decoded to know. Pure; any thread, one owner.
#pragma once

#include <cstdint>

#include "bitstream/mpeg4_vop.hpp"
#include "bitstream/packet_facts.hpp"
#include "bitstream/picture_count.hpp"

namespace kf::bitstream {

class Mpeg4Display {
public:
    void read_extradata(Bytes bytes) noexcept { (void)read_mpeg4_packet(bytes, vol_); }
    [[nodiscard]] PacketFacts read(Bytes bytes) noexcept;
    /// Whether the last packet is a VOP that is not coded. At the end of a stream libavcodec shows the picture before such a
    /// VOP again, at the time of the VOP.
    [[nodiscard]] bool ends_not_coded() const noexcept { return not_coded_; }
    /// Whether the times of VOPs tell which of them are lost, in the stream so far.
    [[nodiscard]] bool counts_pictures() const noexcept { return count_.believed(); }

private:
    [[nodiscard]] bool follows_in_time(const Mpeg4Packet& packet) noexcept;
    [[nodiscard]] PossibleLoss possible_loss(const Mpeg4Packet& packet) noexcept;

    Mpeg4Vol vol_;
    bool vol_changed_ = false;
    bool not_coded_ = false;
    bool entry_is_latest_ = false;     // the last reference VOP is an entry
    int references_ = 0;               // coded I-, P- and S-VOPs so far
    std::int64_t seconds_ = 0;         // that modulo_time_base of the next reference VOP counts from
    std::int64_t seconds_before_ = 0;  // and that of the next B-VOP
    std::int64_t reference_time_ = 0;  // in ticks
    std::int64_t time_ = 0;            // of the last VOP, in ticks
    PictureCount count_;
    std::uint16_t reference_step_ = 0;  // libavcodec's pp_time; its 16 bits accept B-VOPs where a copy goes back in time
};

}  // namespace kf::bitstream
