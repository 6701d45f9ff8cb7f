// Which pictures an MPEG-1, MPEG-2 or MPEG-4 decoder shows and when, from packets' headers: libavcodec's rules, as far as
// they are simple. In doubt it says so, and the pictures have to be decoded to know. Pure; one owner.
#pragma once

#include <cstdint>
#include <span>

#include "bitstream/mpeg12_packet.hpp"
#include "bitstream/packet_facts.hpp"

namespace kf::bitstream {

class Mpeg12Display {
public:
    void read_extradata(std::span<const std::uint8_t> bytes) noexcept { (void)read(bytes); }
    [[nodiscard]] PacketFacts read(std::span<const std::uint8_t> bytes) noexcept;
    /// Whether the last packet held a field that waits for the other one.
    [[nodiscard]] bool waits() const noexcept { return first_field_; }

private:
    [[nodiscard]] bool tells(const Mpeg12Packet& packet, std::size_t size) const noexcept;
    [[nodiscard]] bool follows_loss(const Mpeg12Packet& packet) noexcept;

    bool first_field_ = false;
    bool low_delay_ = false;
    bool changed_ = false;  // the size of pictures
    std::uint32_t width_ = 0;
    std::uint32_t height_ = 0;
    int references_ = 0;         // pictures that others may refer to, so far
    int last_reference_ = 0;     // of the last of them
    int reference_before_ = -1;  // of the one before, where it is of the same group
    bool reorders_ = false;      // a B-picture has come after the reference that is shown after it
};

class Mpeg4Display {
public:
    void read_extradata(std::span<const std::uint8_t> bytes) noexcept { (void)read_mpeg4_packet(bytes, vol_); }
    [[nodiscard]] PacketFacts read(std::span<const std::uint8_t> bytes) noexcept;
    /// Whether the last packet held a time and no picture: a decoder then shows the picture before it under that time.
    [[nodiscard]] bool ends_empty() const noexcept { return empty_; }

private:
    [[nodiscard]] bool follows_in_time(const Mpeg4Packet& packet) noexcept;

    Mpeg4Vol vol_;
    bool changed_ = false;
    bool empty_ = false;
    int references_ = 0;
    std::int64_t seconds_ = 0;
    std::int64_t seconds_before_ = 0;
    std::int64_t reference_time_ = 0;
    std::uint16_t reference_step_ = 0;  // libavcodec's sixteen bits take B-planes where a copy goes back in time
};

}  // namespace kf::bitstream
