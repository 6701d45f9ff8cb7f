#include "bitstream/vpx_packet.hpp"

#include "bitstream/bit_reader.hpp"

namespace kf::bitstream {
namespace {

/// The arithmetic decoder of VP6 headers, for bits that are as likely 0 as 1. Past the end it reads zeros.
class EvenBits {
public:
    explicit EvenBits(Bytes bytes) noexcept : reader_(bytes), value_(reader_.bits(8)) {}

    unsigned bit() noexcept {
        const unsigned split = (range_ + 1) / 2;
        const unsigned bit = value_ >= split ? 1 : 0;
        value_ -= bit != 0 ? split : 0;
        range_ = bit != 0 ? range_ - split : split;
        for (; range_ < 128; range_ *= 2) value_ = value_ << 1 | reader_.bit();
        return bit;
    }
    void skip(int count) noexcept {
        while (count-- > 0) (void)bit();
    }

private:
    BitReader reader_;
    unsigned value_;
    unsigned range_ = 255;
};

/// Whether a key frame has one partition that is Huffman coded: then libavcodec decodes it by probabilities of a frame
/// before.
bool vp6_key_leans_on_past(Bytes frame) noexcept {
    if (frame.size() < 7) return true;
    const bool two_partitions = (frame[0] & 1) != 0 || (frame[1] & 6) == 0;
    if (two_partitions) return false;
    EvenBits bits(frame.subspan(6));
    bits.skip(2);
    bits.skip(bits.bit() != 0 ? 8 : 1);  // filter
    if (frame[1] >> 3 > 7) bits.skip(4);
    return bits.bit() != 0;
}

struct Vp9Frame {
    std::optional<bool> shown;
    bool key = false;
};

/// The beginning of the uncompressed header.
Vp9Frame read_vp9_frame(Bytes bytes) noexcept {
    BitReader reader(bytes);
    if (bytes.empty() || reader.bits(2) != 2) return {};
    const unsigned profile = reader.bit() | reader.bit() << 1;
    if (profile == 3) reader.skip(1);
    if (reader.flag()) return {true, false};  // show_existing_frame
    const bool key = reader.bit() == 0;
    return {reader.flag(), key};
}

}  // namespace

VpxPacket read_vp6_packet(Bytes bytes, bool with_alpha) noexcept {
    const std::size_t at = with_alpha ? 3 : 0;  // the size of the colour part comes first
    if (bytes.size() <= at) return {};
    return {1, (bytes[at] & 0x80) == 0 && !vp6_key_leans_on_past(bytes.subspan(at))};
}

VpxPacket read_vp8_packet(Bytes bytes) noexcept {
    if (bytes.size() < 3) return {};
    const bool key = (bytes[0] & 1) == 0;
    const bool start_code = bytes.size() >= 6 && bytes[3] == 0x9D && bytes[4] == 0x01 && bytes[5] == 0x2A;
    return {(bytes[0] & 0x10) != 0 ? 1 : 0, key && start_code};
}

VpxPacket read_vp9_packet(Bytes bytes) noexcept {
    if (bytes.empty()) return {};
    const unsigned marker = bytes.back();
    const std::size_t frames = (marker & 7U) + 1;
    const std::size_t size_bytes = (marker >> 3 & 3U) + 1;
    const std::size_t index_size = 2 + size_bytes * frames;
    const bool superframe =
        (marker & 0xE0U) == 0xC0U && bytes.size() >= index_size && bytes[bytes.size() - index_size] == marker;
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
