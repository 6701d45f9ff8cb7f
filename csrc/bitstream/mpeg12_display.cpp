#include "bitstream/mpeg12_display.hpp"

namespace kf::bitstream {
namespace {

/// Whether a temporal_reference is shown later than another one of the same GOP; both count modulo 1024.
bool is_later(int temporal_reference, int than) noexcept {
    const int ahead = (temporal_reference - than) & 1023;
    return ahead > 0 && ahead < 512;
}

}  // namespace

bool Mpeg12Display::shows_one(const Mpeg12Packet& packet, std::size_t size) const noexcept {
    const std::size_t macroblocks = std::size_t{(width_ + 15) / 16} * ((height_ + 15) / 16);
    const bool too_small = size < macroblocks * 11 / (33 * 2 * 8) + 1;  // libavcodec refuses such a packet
    const bool decodable = packet.only_b ? references_ >= 2 : references_ > 0 || packet.first_intra;
    return width_ > 0 && !size_changed_ && !packet.ends_sequence && packet.is_one_frame() && !too_small && decodable;
}

/// A B-picture is shown between the two I- or P-pictures coded last. Where its temporal_reference says otherwise, one of
/// these two is lost. Some encoders write such values in every picture, so a stream must have been right once to be
/// believed.
bool Mpeg12Display::follows_loss(const Mpeg12Packet& packet) noexcept {
    if (packet.pictures == 0) return false;
    const int shown = packet.temporal_reference;
    if (!packet.only_b) {
        if (shown != last_reference_ || packet.gop_header) reference_before_ = packet.gop_header ? -1 : last_reference_;
        last_reference_ = shown;
        return false;
    }
    b_before_reference_ = b_before_reference_ || is_later(last_reference_, shown);
    const bool before_both = reference_before_ >= 0 && is_later(reference_before_, shown);
    return b_before_reference_ && (is_later(shown, last_reference_) || before_both);
}

PacketFacts Mpeg12Display::read(Bytes bytes) noexcept {
    const Mpeg12Packet packet = read_mpeg12_packet(bytes);
    if (packet.width > 0) {
        size_changed_ = size_changed_ || (width_ > 0 && (width_ != packet.width || height_ != packet.height));
        width_ = packet.width;
        height_ = packet.height;
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
    facts.follows_loss = follows_loss(packet);
    first_field_ = single_field && !first_field_;
    if (packet.pictures > 0 && !packet.only_b) ++references_;
    return facts;
}

}  // namespace kf::bitstream
