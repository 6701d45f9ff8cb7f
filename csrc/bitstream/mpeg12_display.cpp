#include "bitstream/mpeg12_display.hpp"

namespace kf::bitstream {
bool Mpeg12Display::shows_one(const Mpeg12Packet& packet, std::size_t size) const noexcept {
    const std::size_t macroblocks = std::size_t{(width_ + 15) / 16} * ((height_ + 15) / 16);
    const bool too_small = size < macroblocks * 11 / (33 * 2 * 8) + 1;  // libavcodec refuses such a packet
    const bool decodable = packet.only_b ? references_ >= 2 : references_ > 0 || packet.first_intra;
    return width_ > 0 && !format_changed_ && !packet.ends_sequence && packet.is_one_frame() && !too_small && decodable;
}

/// temporal_reference counts modulo 1024, and from 0 again behind a GOP header.
PossibleLoss Mpeg12Display::possible_loss(const Mpeg12Packet& packet) noexcept {
    if (packet.pictures == 0 || low_delay_) return PossibleLoss::none;
    if (packet.gop_header) count_.begin();
    const std::int64_t last = count_.last_number().value_or(packet.temporal_reference);
    const std::int64_t ahead = (packet.temporal_reference - last + 512) & 1023;
    return count_.follow({.number = last + ahead - 512, .reference = !packet.only_b, .intra = packet.first_intra});
}

PacketFacts Mpeg12Display::read(Bytes bytes) noexcept {
    const Mpeg12Packet packet = read_mpeg12_packet(bytes);
    if (packet.width > 0) {
        const bool same = width_ == packet.width && height_ == packet.height && sampling_ == packet.sampling;
        format_changed_ = format_changed_ || (width_ > 0 && !same);
        width_ = packet.width;
        height_ = packet.height;
        sampling_ = packet.sampling;
        low_delay_ = packet.low_delay;
    }
    const bool single_field = packet.field && packet.pictures == 1;
    PacketFacts facts;
    facts.entry = packet.entry() && !single_field;
    facts.headers = packet.changes_header;
    facts.completes_previous = single_field && first_field_;
    facts.droppable = packet.droppable() && !single_field;
    facts.shown = shows_one(packet, bytes.size()) ? 1 : unknown_pictures;
    facts.delayed = !packet.only_b && !low_delay_;
    if (!facts.completes_previous) facts.possible_loss = possible_loss(packet);
    first_field_ = single_field && !first_field_;
    if (packet.pictures > 0 && !packet.only_b) ++references_;
    return facts;
}

}  // namespace kf::bitstream
