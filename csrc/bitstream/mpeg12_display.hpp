// Follows an MPEG-1 or MPEG-2 stream in coded order and says which pictures libavcodec shows and when. Where its rules are
// not simple, the answer is unknown_pictures and the stream has to be decoded to know. Pure; any thread, one owner.
#pragma once

#include <cstddef>
#include <cstdint>

#include "bitstream/mpeg12_packet.hpp"
#include "bitstream/packet_facts.hpp"
#include "bitstream/picture_count.hpp"

namespace kf::bitstream {

class Mpeg12Display {
public:
    void read_extradata(Bytes bytes) noexcept { (void)read(bytes); }
    [[nodiscard]] PacketFacts read(Bytes bytes) noexcept;
    /// Whether the last packet is a first field: its second field should come next.
    [[nodiscard]] bool waits() const noexcept { return first_field_; }
    /// Whether temporal_reference counts the pictures of the stream so far.
    [[nodiscard]] bool counts_pictures() const noexcept { return count_.believed(); }

private:
    [[nodiscard]] bool shows_one(const Mpeg12Packet& packet, std::size_t size) const noexcept;
    [[nodiscard]] PossibleLoss possible_loss(const Mpeg12Packet& packet) noexcept;

    bool first_field_ = false;
    bool low_delay_ = false;
    bool format_changed_ = false;  // libavcodec begins anew, and the picture that it holds back is lost
    std::uint32_t width_ = 0;
    std::uint32_t height_ = 0;
    std::uint32_t sampling_ = 0;
    int references_ = 0;  // I- and P-pictures so far
    PictureCount count_;
};

}  // namespace kf::bitstream
