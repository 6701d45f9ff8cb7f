// What a packet's bytes say, whatever the codec: whether it may be left out, whether decoding may begin with it, how many
// pictures it shows. One reader follows one stream in decode order and remembers what later packets are read by. Pure; one
// owner.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "bitstream/av1_obu.hpp"
#include "bitstream/codec.hpp"
#include "bitstream/h264_fields.hpp"
#include "bitstream/hevc_packet.hpp"
#include "bitstream/mpeg12_display.hpp"
#include "bitstream/packet_facts.hpp"
#include "bitstream/vc1_packet.hpp"

namespace kf::bitstream {

/// What is known of a stream before its first packet.
struct DecoderConfig {
    std::string_view codec;                   ///< FFmpeg's name
    std::span<const std::uint8_t> extradata;  ///< avcC, hvcC, av1C, or what a packet would hold
    int nal_length_size = 0;                  ///< 0 for start codes
};

class PacketReader {
public:
    /// What the configuration refers to must outlive the reader.
    explicit PacketReader(const DecoderConfig& config);

    [[nodiscard]] PacketFacts read(std::span<const std::uint8_t> bytes) noexcept;
    /// Whether what the last packet shows depends on a packet that would come after it.
    [[nodiscard]] bool waits() const noexcept { return mpeg12_.waits() || mpeg4_.ends_empty() || h264_.waits(); }
    /// H.264: whether the parameter sets of the extradata allow nothing but frames.
    [[nodiscard]] bool frames_only() const noexcept { return h264_.frames_only(); }
    /// H.264: whether they allow that pictures are shown in another order than they are coded in.
    [[nodiscard]] bool may_reorder() const noexcept { return h264_.may_reorder(); }

private:
    [[nodiscard]] PacketFacts read_h264(std::span<const std::uint8_t> bytes) noexcept;
    [[nodiscard]] PacketFacts read_hevc(std::span<const std::uint8_t> bytes) noexcept;
    [[nodiscard]] PacketFacts read_av1(std::span<const std::uint8_t> bytes) noexcept;
    [[nodiscard]] PacketFacts read_mjpeg(std::span<const std::uint8_t> bytes) noexcept;

    Codec codec_ = Codec::unknown;
    std::string_view name_;
    std::span<const std::uint8_t> extradata_;
    int nal_length_size_ = 0;
    H264Fields h264_;
    bool lost_references_ = false;  // H.264: a sequence's beginning may be among them, from which orders are counted
    HevcParameterSets hevc_;
    PocUnwrapper hevc_order_;
    bool sequence_ended_ = true;  // HEVC: the next CRA picture begins a sequence
    bool pictures_seen_ = false;
    bool hides_rasl_ = true;  // and the pictures that lead it cannot be decoded
    Av1Sequence av1_;
    Mpeg12Display mpeg12_;
    Mpeg4Display mpeg4_;
    Vc1Order vc1_;
    bool huffman_tables_ = false;
    std::uint32_t jpeg_size_ = 0;
};

}  // namespace kf::bitstream
