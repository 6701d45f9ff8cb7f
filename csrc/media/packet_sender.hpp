// Hands the packets of a stream to a libavcodec decoder: makes AVPackets of their bytes and knows what single codecs need
// besides. It owns a copy of the packet being sent, because libavcodec needs zeroed bytes behind it. One owner, one thread
// at a time. It takes no pictures out of the decoder. Only media's .cpp files include this.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "media/handles.hpp"

namespace kf::media {

class PacketSender {
public:
    /// `decoder` must outlive the sender. `palette` goes with the first packet; it is usually empty. Throws std::bad_alloc.
    PacketSender(AVCodecContext& decoder, std::vector<std::uint8_t> palette);

    /// Sends `head` and `bytes` as one packet. Returns FFmpeg's error code; 0 or more where the packet is taken.
    [[nodiscard]] int send(std::int64_t ordinal, std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> head);
    /// Tells the decoder that no packet follows. Returns FFmpeg's error code.
    [[nodiscard]] int finish();

private:
    [[nodiscard]] int fill_packet(std::int64_t ordinal, std::span<const std::uint8_t> bytes,
                                  std::span<const std::uint8_t> head);
    [[nodiscard]] int attach_palette();

    AVCodecContext& decoder_;
    std::vector<std::uint8_t> palette_;
    PacketHandle packet_;
    PacketHandle last_mpeg4_;  // the MPEG-4 packet sent last; null for other codecs
};

}  // namespace kf::media
