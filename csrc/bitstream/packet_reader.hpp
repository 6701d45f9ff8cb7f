// Reads the packets of one stream, whatever its codec: how many pictures a packet shows, whether decoding may begin with it,
// whether it may be left out. One reader follows one stream in decode order and remembers what later packets are read by.
// Any thread, one owner; does no I/O, decodes nothing, never trusts a length.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bitstream/av1_loss.hpp"
#include "bitstream/av1_obu.hpp"
#include "bitstream/codec.hpp"
#include "bitstream/h264_fields.hpp"
#include "bitstream/h264_headers.hpp"
#include "bitstream/h264_loss.hpp"
#include "bitstream/hevc_headers.hpp"
#include "bitstream/mpeg12_display.hpp"
#include "bitstream/mpeg4_display.hpp"
#include "bitstream/packet_facts.hpp"
#include "bitstream/poc.hpp"
#include "bitstream/vc1_packet.hpp"

namespace kf::bitstream {

/// What is known of a stream before its first packet.
struct DecoderConfig {
    std::string_view codec;   ///< FFmpeg's name
    Bytes extradata;          ///< avcC, hvcC, av1C, or what a packet would hold
    int nal_length_size = 0;  ///< bytes of the length in front of each NAL unit; 0 for start codes
};

class PacketReader {
public:
    /// What the configuration refers to must outlive the reader.
    explicit PacketReader(const DecoderConfig& config);

    [[nodiscard]] PacketFacts read(Bytes bytes) noexcept;
    /// Whether what the last packet shows depends on the packet that would come next: a field or a VOP without a picture.
    [[nodiscard]] bool waits() const noexcept { return mpeg12_.waits() || mpeg4_.ends_not_coded() || h264_fields_.waits(); }
    /// Whether the numbers of the stream so far count its pictures, so that PacketFacts::possible_loss is one.
    [[nodiscard]] bool counts_pictures() const noexcept {
        return mpeg12_.counts_pictures() && mpeg4_.counts_pictures() && av1_hints_.believed();
    }
    /// H.264: whether the parameter sets so far allow frames only.
    [[nodiscard]] bool frames_only() const noexcept { return h264_sets_.frames_only(); }
    /// H.264: whether the parameter sets so far allow pictures to be shown in another order than they are coded in.
    [[nodiscard]] bool may_reorder() const noexcept { return h264_sets_.may_reorder(); }

private:
    void read_extradata(Bytes extradata) noexcept;
    [[nodiscard]] PacketFacts read_h264(Bytes bytes) noexcept;
    [[nodiscard]] PacketFacts read_hevc(Bytes bytes) noexcept;
    /// Whether a picture since the last random access point had this order. A decoder discards the second one or not, as its
    /// buffer is filled.
    [[nodiscard]] bool repeats_hevc_order(std::int64_t order) noexcept;
    [[nodiscard]] PacketFacts read_av1(Bytes bytes) noexcept;
    [[nodiscard]] PacketFacts read_mjpeg(Bytes bytes) noexcept;

    Codec codec_ = Codec::unknown;
    std::string_view name_;
    int nal_length_size_ = 0;
    H264ParameterSets h264_sets_;
    H264Fields h264_fields_;
    H264Numbers h264_numbers_;
    bool h264_lost_references_ = false;  // an IDR picture may be among them, and POCs count from it
    HevcParameterSets hevc_sets_;
    PocUnwrapper hevc_poc_;
    bool hevc_sequence_ended_ = true;  // a CRA picture that comes next begins a coded video sequence
    bool hevc_pictures_seen_ = false;
    bool hevc_hides_rasl_ = true;  // RASL pictures are not shown: their IRAP picture began a coded video sequence
    std::array<std::int64_t, 32> hevc_orders_{};  // of the last pictures
    std::size_t hevc_orders_seen_ = 0;            // since the last random access point
    Av1Sequence av1_;
    Av1OrderHints av1_hints_;
    Mpeg12Display mpeg12_;
    Mpeg4Display mpeg4_;
    Vc1Entries vc1_;
    bool jpeg_huffman_tables_ = false;
    std::uint32_t jpeg_size_ = 0;
};

}  // namespace kf::bitstream
