#include "bitstream/vpx_packet.hpp"

#include "bitstream/bit_reader.hpp"

namespace kf::bitstream {
namespace {

struct Vp9Frame {
    std::optional<bool> shown;
    bool key = false;
};

/// uncompressed_header(): 6.2, up to show_frame.
Vp9Frame read_vp9_frame(Bytes bytes) noexcept {
    constexpr unsigned frame_marker = 2;
    BitReader reader(bytes);
    if (bytes.empty() || reader.bits(2) != frame_marker) return {};
    const unsigned profile_low_bit = reader.bit();
    const unsigned profile_high_bit = reader.bit();
    if ((profile_low_bit & profile_high_bit) != 0) reader.skip(1);  // reserved_zero
    if (reader.flag()) return {true, false};                        // show_existing_frame
    const bool key = !reader.flag();                                // frame_type
    return {reader.flag(), key};
}

}  // namespace

VpxPacket read_vp6_packet(Bytes bytes, bool with_alpha) noexcept {
    constexpr std::size_t alpha_offset_bytes = 3;
    constexpr std::size_t header_bytes = 6;
    const std::size_t at = with_alpha ? alpha_offset_bytes : 0;
    if (bytes.size() <= at) return {};
    const Bytes frame = bytes.subspan(at);
    const bool key = (frame[0] & 0x80) == 0;
    const bool two_partitions = frame.size() > header_bytes && ((frame[0] & 1) != 0 || (frame[1] & 6) == 0);
    return {1, key && two_partitions};
}

VpxPacket read_vp8_packet(Bytes bytes) noexcept {
    if (bytes.size() < 3) return {};
    const bool key = (bytes[0] & 1) == 0;
    const bool show_frame = (bytes[0] & 0x10) != 0;
    const bool start_code = bytes.size() >= 6 && bytes[3] == 0x9D && bytes[4] == 0x01 && bytes[5] == 0x2A;
    return {show_frame ? 1 : 0, key && start_code};
}

VpxPacket read_vp9_packet(Bytes bytes) noexcept {
    if (bytes.empty()) return {};
    // superframe_index(): annex B. Its header byte stands at both of its ends.
    const unsigned header = bytes.back();
    const std::size_t frames = (header & 7U) + 1;
    const std::size_t size_bytes = (header >> 3 & 3U) + 1;
    const std::size_t index_size = 2 + size_bytes * frames;
    const bool superframe =
        (header & 0xE0U) == 0xC0U && bytes.size() >= index_size && bytes[bytes.size() - index_size] == header;
    if (!superframe) {
        const Vp9Frame frame = read_vp9_frame(bytes);
        if (!frame.shown) return {};
        return {*frame.shown ? 1 : 0, frame.key};
    }
    VpxPacket packet{0, false};
    Bytes sizes = bytes.subspan(bytes.size() - index_size + 1);
    Bytes left = bytes.first(bytes.size() - index_size);
    for (std::size_t i = 0; i < frames; ++i) {
        std::size_t size = 0;
        for (std::size_t b = 0; b < size_bytes; ++b) size |= static_cast<std::size_t>(sizes[i * size_bytes + b]) << (8 * b);
        if (size > left.size()) return {};
        const Vp9Frame frame = read_vp9_frame(left.first(size));
        if (!frame.shown) return {};
        *packet.shown += *frame.shown;
        if (i == 0) packet.entry = frame.key;
        left = left.subspan(size);
    }
    return packet;
}

}  // namespace kf::bitstream
