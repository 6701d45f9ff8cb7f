// What a packet's bytes say, whatever the codec: whether it may be left out, whether decoding may begin with it, how many
// pictures it shows. One reader follows one stream in decode order and remembers what later packets are read by. Pure; one
// owner.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/av1_packet.hpp"
#include "base/codec.hpp"
#include "base/frame_index.hpp"
#include "base/h264_fields.hpp"
#include "base/hevc_packet.hpp"

namespace kf {

constexpr int unknown_pictures = -1;

struct PacketFacts {
    int shown = unknown_pictures;  ///< pictures that a sequential decoder shows of it; unknown where its bytes cannot tell
    bool entry = false;            ///< decoding may begin here
    bool sequence_start = false;   ///< and nothing that comes after it in decode order refers to what is before it
    bool continues = false;        ///< it completes the picture of the packet before it
    bool droppable = false;        ///< nothing refers to its picture and nothing else in it matters
    bool headers = false;          ///< it brings headers that later packets are decoded by, beside parameter sets
    bool whole = true;             ///< no part of it ends beyond its bytes
};

class PacketReader {
public:
    /// The index must outlive the reader; of it, codec, extradata and nal_length_size are used.
    explicit PacketReader(const FrameIndex& index);

    [[nodiscard]] PacketFacts read(std::span<const std::uint8_t> bytes) noexcept;
    /// Whether the last packet's picture still lacks its second field.
    [[nodiscard]] bool waits() const noexcept { return first_field_ || h264_.waits(); }
    /// H.264: whether the parameter sets of the extradata allow nothing but frames.
    [[nodiscard]] bool frames_only() const noexcept { return h264_.frames_only(); }

private:
    [[nodiscard]] PacketFacts read_h264(std::span<const std::uint8_t> bytes) noexcept;
    [[nodiscard]] PacketFacts read_hevc(std::span<const std::uint8_t> bytes) noexcept;
    [[nodiscard]] PacketFacts read_av1(std::span<const std::uint8_t> bytes) noexcept;
    [[nodiscard]] PacketFacts read_mpeg12(std::span<const std::uint8_t> bytes) noexcept;
    [[nodiscard]] PacketFacts read_mpeg4(std::span<const std::uint8_t> bytes) noexcept;
    [[nodiscard]] PacketFacts read_mjpeg(std::span<const std::uint8_t> bytes) noexcept;

    Codec codec_ = Codec::unknown;
    std::string_view name_;
    std::span<const std::uint8_t> extradata_;
    int nal_length_size_ = 0;
    H264Fields h264_;
    HevcSequence hevc_;
    bool sequence_ended_ = true;  // HEVC: the next CRA picture begins a sequence
    bool pictures_seen_ = false;
    bool hides_skipped_leading_ = true;  // and the pictures that lead it cannot be decoded
    Av1Sequence av1_;
    bool first_field_ = false;  // MPEG-2: the packet before held a field that waits for the other
    int time_bits_ = 1;
    bool interlaced_ = false;
    bool huffman_tables_ = false;
    std::uint32_t jpeg_size_ = 0;
    bool sequence_headers_ = false;  // VC-1: packets bring their own
};

}  // namespace kf
