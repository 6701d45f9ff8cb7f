#include "bitstream/packet_reader.hpp"

#include <algorithm>

#include "bitstream/h264_packet.hpp"
#include "bitstream/hevc_packet.hpp"
#include "bitstream/intra_picture.hpp"
#include "bitstream/jpeg_packet.hpp"
#include "bitstream/vpx_packet.hpp"

namespace kf::bitstream {
namespace {

constexpr std::size_t av1c_fixed_bytes = 4;

/// Of a codec whose packets show one picture each, in coded order.
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

/// Of a codec whose packets may show no picture, which their first bits do not tell.
PacketFacts unknown_picture(bool entry) noexcept {
    PacketFacts facts;
    facts.entry = entry;
    return facts;
}

PacketFacts uncompressed() noexcept {
    PacketFacts facts = one_picture(true);
    facts.droppable = true;
    facts.whole = false;  // only the size could tell
    return facts;
}

}  // namespace

PacketReader::PacketReader(const DecoderConfig& config)
    : codec_(codec_of(config.codec)), name_(config.codec), nal_length_size_(config.nal_length_size) {
    if (!config.extradata.empty()) read_extradata(config.extradata);
}

void PacketReader::read_extradata(Bytes extradata) noexcept {
    switch (codec_) {
        case Codec::h264: h264_sets_.read_record(extradata, nal_length_size_); break;
        case Codec::hevc: hevc_sets_.read_record(extradata, nal_length_size_); break;
        case Codec::av1:  // the OBUs of an av1C record
            if (extradata.size() > av1c_fixed_bytes) (void)read_av1_packet(extradata.subspan(av1c_fixed_bytes), av1_);
            break;
        case Codec::mpeg12: mpeg12_.read_extradata(extradata); break;
        case Codec::mpeg4: mpeg4_.read_extradata(extradata); break;
        case Codec::vc1: vc1_.read_extradata(extradata, true); break;
        case Codec::wmv3: vc1_.read_extradata(extradata, false); break;
        default: break;
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
        case Codec::wmv2: return unknown_picture(is_wmv2_intra(bytes));
        case Codec::msmpeg4: return one_picture(is_msmpeg4_intra(bytes, name_ == "msmpeg4v1"));
        case Codec::h263: return one_picture(name_ == "flv1" ? is_flv1_intra(bytes) : is_h263_intra(bytes));
        case Codec::mjpeg: return read_mjpeg(bytes);
        case Codec::raw: return uncompressed();
        case Codec::unknown: break;
    }
    return {};
}

PacketFacts PacketReader::read_h264(Bytes bytes) noexcept {
    using enum H264Fields::Pairing;
    const H264Packet packet = read_h264_packet(bytes, nal_length_size_);
    const H264Pictures pictures = h264_sets_.read_packet(bytes, nal_length_size_);
    const H264Fields::Pairing pairing = h264_fields_.read(pictures);
    h264_numbers_.follow(pictures);
    PacketFacts facts;
    facts.shown = pairing == unclear ? unknown_pictures : pairing == second_field ? 0 : 1;
    if (!packet.has_slice) facts.shown = 0;
    facts.completes_previous = pairing == second_field;
    facts.previous_lacks_field = h264_fields_.lacks_second_field();
    const bool idr = packet.idr || (packet.idr_first && !h264_sets_.frames_only());
    facts.entry = !facts.completes_previous && (idr || packet.entry());
    facts.sequence_start = idr && !facts.completes_previous;
    if (h264_numbers_.broken() && !h264_sets_.allows_frame_num_gaps()) h264_lost_references_ = true;
    if (!h264_lost_references_) facts.order = h264_fields_.order();
    facts.droppable = packet.droppable() && pairing != unclear;
    facts.whole = packet.whole;
    return facts;
}

PacketFacts PacketReader::read_hevc(Bytes bytes) noexcept {
    const HevcPacket packet = read_hevc_packet(bytes, nal_length_size_, hevc_sets_);
    PacketFacts facts;
    if (packet.random_access) hevc_hides_rasl_ = packet.starts_sequence || hevc_sequence_ended_;  // NoRaslOutputFlag: 8.1.3
    if (packet.random_access && hevc_hides_rasl_) hevc_poc_.begin_sequence();
    // A coded video sequence in the middle of the stream discards pictures that are not yet shown.
    const bool discards = packet.random_access && hevc_sequence_ended_ && hevc_pictures_seen_;
    if (packet.pictures > 0) {
        hevc_sequence_ended_ = false;
        hevc_pictures_seen_ = true;
    }
    if (packet.ends_sequence) hevc_sequence_ended_ = true;
    facts.shown = packet.rasl && hevc_hides_rasl_ ? 0 : packet.pictures;
    if (packet.pictures > 1 || packet.drops_prior || discards || hevc_sets_.may_hide_pictures())
        facts.shown = unknown_pictures;
    facts.entry = packet.entry();
    facts.sequence_start = packet.entry();  // leading pictures are told apart by their type
    if (packet.poc_lsb.value) facts.order = hevc_poc_.next(*packet.poc_lsb.value, packet.poc_lsb.bits, packet.poc_anchor);
    if (packet.random_access) hevc_orders_seen_ = 0;
    if (packet.pictures > 0 && facts.order && repeats_hevc_order(*facts.order))
        facts.possible_loss = PossibleLoss::before_this;
    facts.droppable = packet.droppable(hevc_sets_);
    facts.whole = packet.whole;
    return facts;
}

bool PacketReader::repeats_hevc_order(std::int64_t order) noexcept {
    const auto end = hevc_orders_.begin() + static_cast<std::ptrdiff_t>(std::min(hevc_orders_seen_, hevc_orders_.size()));
    if (std::find(hevc_orders_.begin(), end, order) != end) return true;
    hevc_orders_[hevc_orders_seen_++ % hevc_orders_.size()] = order;
    return false;
}

PacketFacts PacketReader::read_av1(Bytes bytes) noexcept {
    const Av1Packet packet = read_av1_packet(bytes, av1_);
    PacketFacts facts = one_picture(packet.entry());
    const bool readable = packet.frames > 0 && packet.whole && av1_.known && !av1_.has_several_spatial_layers();
    facts.shown = readable ? packet.shown : unknown_pictures;
    facts.droppable = packet.droppable();
    facts.whole = packet.whole;
    if (av1_hints_.skips(packet, av1_)) {
        facts.possible_loss = PossibleLoss::before_this;
        facts.packets_earlier = av1_hints_.repeats_before();
    }
    return facts;
}

PacketFacts PacketReader::read_mjpeg(Bytes bytes) noexcept {
    const JpegPacket packet = read_jpeg_packet(bytes);
    const bool has_tables = packet.quantiser_tables && (packet.huffman_tables || !jpeg_huffman_tables_);
    jpeg_huffman_tables_ = jpeg_huffman_tables_ || packet.huffman_tables;
    if (jpeg_size_ == 0) jpeg_size_ = packet.size;
    // A decoder that begins with an image smaller than the container says takes it for a field.
    PacketFacts facts = one_picture(packet.images > 0 && has_tables && packet.size == jpeg_size_);
    facts.shown = packet.images == 1 ? 1 : unknown_pictures;
    facts.droppable = facts.entry;
    return facts;
}

}  // namespace kf::bitstream
