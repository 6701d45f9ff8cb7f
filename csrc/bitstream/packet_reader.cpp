#include "bitstream/packet_reader.hpp"

#include "bitstream/h264_packet.hpp"
#include "bitstream/jpeg_packet.hpp"
#include "bitstream/mpeg12_packet.hpp"
#include "bitstream/vpx_packet.hpp"

namespace kf::bitstream {
namespace {

using Bytes = std::span<const std::uint8_t>;

/// Of a codec whose packets show a picture each, in their order.
PacketFacts one_picture(bool entry) noexcept {
    PacketFacts facts;
    facts.shown = 1;
    facts.entry = facts.sequence_start = entry;
    return facts;
}

PacketFacts facts_of(const VpxPacket& packet) noexcept {
    PacketFacts facts = one_picture(packet.entry);
    facts.shown = packet.shown.value_or(unknown_pictures);
    return facts;
}

/// Of a codec whose packets may show nothing, and do not say it where they begin.
PacketFacts untold(bool entry) noexcept {
    PacketFacts facts;
    facts.entry = entry;
    return facts;
}

}  // namespace

PacketReader::PacketReader(const DecoderConfig& config)
    : codec_(codec_of(config.codec)), name_(config.codec), extradata_(config.extradata),
      nal_length_size_(config.nal_length_size) {
    if (extradata_.empty()) return;
    if (codec_ == Codec::h264) {
        h264_.read_record(extradata_, nal_length_size_);
    } else if (codec_ == Codec::hevc) {
        if (nal_length_size_ > 0) {
            read_hevc_record(extradata_, hevc_);
        } else {
            (void)read_hevc_packet(extradata_, 0, hevc_);
        }
    } else if (codec_ == Codec::av1 && extradata_.size() > 4) {
        (void)read_av1_packet(extradata_.subspan(4), av1_);  // the OBUs of an av1C record
    } else if (codec_ == Codec::mpeg4) {
        mpeg4_.read_extradata(extradata_);
    } else if (codec_ == Codec::mpeg12) {
        mpeg12_.read_extradata(extradata_);
    } else if (codec_ == Codec::vc1 || codec_ == Codec::wmv3) {
        vc1_.read_extradata(extradata_, codec_ == Codec::vc1);
    }
}

PacketFacts PacketReader::read(Bytes bytes) noexcept {
    switch (codec_) {
        case Codec::h264: return read_h264(bytes);
        case Codec::hevc: return read_hevc(bytes);
        case Codec::vp6: return facts_of(read_vp6_packet(bytes, name_ == "vp6a"));
        case Codec::vp8: return facts_of(read_vp8_packet(bytes));
        case Codec::vp9: return facts_of(read_vp9_packet(bytes));
        case Codec::av1: return read_av1(bytes);
        case Codec::mpeg12: return mpeg12_.read(bytes);
        case Codec::mpeg4: return mpeg4_.read(bytes);
        case Codec::vc1:
        case Codec::wmv3: return vc1_.read(bytes);
        case Codec::wmv2: return untold(is_wmv2_intra(bytes));
        case Codec::msmpeg4: return one_picture(is_msmpeg4_intra(bytes, name_ == "msmpeg4v1"));
        case Codec::h263: return one_picture(name_ == "flv1" ? is_flv1_intra(bytes) : is_h263_intra(bytes));
        case Codec::mjpeg: return read_mjpeg(bytes);
        case Codec::raw: {
            PacketFacts facts = one_picture(true);
            facts.droppable = true;
            facts.whole = false;  // only its size could tell
            return facts;
        }
        case Codec::unknown: break;
    }
    return {};
}

PacketFacts PacketReader::read_h264(Bytes bytes) noexcept {
    using enum H264Fields::Pairing;
    const H264Packet packet = read_h264_packet(bytes, nal_length_size_);
    const H264Fields::Pairing pairing = h264_.read_packet(bytes, nal_length_size_);
    PacketFacts facts;
    facts.shown = pairing == unclear ? unknown_pictures : pairing == second_field ? 0 : 1;
    if (!packet.has_slice) facts.shown = 0;
    facts.completes_previous = pairing == second_field;
    const bool idr = packet.idr || (packet.idr_first && !h264_.frames_only());
    facts.entry = !facts.completes_previous && (idr || packet.entry());
    facts.sequence_start = idr && !facts.completes_previous;
    lost_references_ = lost_references_ || h264_.follows_loss();
    if (!lost_references_) facts.order = h264_.order();
    facts.droppable = packet.droppable() && pairing != unclear;
    facts.whole = packet.whole;
    return facts;
}

PacketFacts PacketReader::read_hevc(Bytes bytes) noexcept {
    const HevcPacket packet = read_hevc_packet(bytes, nal_length_size_, hevc_);
    PacketFacts facts;
    if (packet.random_access) hides_rasl_ = packet.starts_sequence || sequence_ended_;
    if (packet.random_access && hides_rasl_) hevc_order_.begin_sequence();
    const bool begins_anew = packet.random_access && sequence_ended_ && pictures_seen_;  // and drops what is not yet shown
    if (packet.pictures > 0) {
        sequence_ended_ = false;
        pictures_seen_ = true;
    }
    if (packet.ends_sequence) sequence_ended_ = true;
    facts.shown = packet.rasl && hides_rasl_ ? 0 : packet.pictures;
    if (packet.pictures > 1 || packet.drops_prior || begins_anew || hevc_.hides_pictures) facts.shown = unknown_pictures;
    facts.entry = packet.entry();
    facts.sequence_start = packet.entry();  // what leads it is told apart by its type
    if (packet.order) facts.order = hevc_order_.next(*packet.order, packet.order_bits, packet.order_anchor);
    facts.droppable = packet.droppable(hevc_);
    facts.whole = packet.whole;
    return facts;
}

PacketFacts PacketReader::read_av1(Bytes bytes) noexcept {
    const Av1Packet packet = read_av1_packet(bytes, av1_);
    PacketFacts facts = one_picture(packet.entry());
    const bool told = packet.frames > 0 && packet.whole && av1_.known && !av1_.several_spatial_layers();
    facts.shown = told ? packet.shown : unknown_pictures;
    facts.droppable = packet.droppable();
    facts.whole = packet.whole;
    return facts;
}

PacketFacts PacketReader::read_mjpeg(Bytes bytes) noexcept {
    const JpegPacket packet = read_jpeg_packet(bytes);
    const bool complete = packet.quantiser_tables && (packet.huffman_tables || !huffman_tables_);
    huffman_tables_ = huffman_tables_ || packet.huffman_tables;
    if (jpeg_size_ == 0) jpeg_size_ = packet.size;
    // A decoder that begins with a smaller image than the container says takes it for a field.
    PacketFacts facts = one_picture(packet.images > 0 && complete && packet.size == jpeg_size_);
    facts.shown = packet.images == 1 ? 1 : unknown_pictures;
    facts.droppable = facts.entry;
    return facts;
}

}  // namespace kf::bitstream
