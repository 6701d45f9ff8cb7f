#include "bitstream/mpeg12_display.hpp"

namespace kf::bitstream {
namespace {

constexpr std::size_t vop_header_bytes = 12;  // more than one takes

/// Whether one picture is shown later than another of its group.
bool is_later(int place, int than) noexcept {
    const int ahead = (place - than) & 1023;
    return ahead > 0 && ahead < 512;
}

}  // namespace

bool Mpeg12Display::tells(const Mpeg12Packet& packet, std::size_t size) const noexcept {
    const std::size_t macroblocks = std::size_t{(width_ + 15) / 16} * ((height_ + 15) / 16);
    const bool too_small = size < macroblocks * 11 / (33 * 2 * 8) + 1;  // refused by libavcodec
    const bool decodable = packet.only_b ? references_ >= 2 : references_ > 0 || packet.first_intra;
    return width_ > 0 && !changed_ && !packet.ends_sequence && packet.one_frame() && !too_small && decodable;
}

/// A B-picture is shown between the two references decoded last. Where it says otherwise, one has been lost; some encoders
/// say so of every picture.
bool Mpeg12Display::follows_loss(const Mpeg12Packet& packet) noexcept {
    if (packet.pictures == 0) return false;
    if (!packet.only_b) {
        if (packet.temporal_reference != last_reference_ || packet.gop_header)
            reference_before_ = packet.gop_header ? -1 : last_reference_;
        last_reference_ = packet.temporal_reference;
        return false;
    }
    reorders_ = reorders_ || is_later(last_reference_, packet.temporal_reference);
    return reorders_ && (is_later(packet.temporal_reference, last_reference_) ||
                         (reference_before_ >= 0 && is_later(reference_before_, packet.temporal_reference)));
}

PacketFacts Mpeg12Display::read(std::span<const std::uint8_t> bytes) noexcept {
    const Mpeg12Packet packet = read_mpeg12_packet(bytes);
    if (packet.width > 0) {
        changed_ = changed_ || (width_ > 0 && (width_ != packet.width || height_ != packet.height));
        width_ = packet.width;
        height_ = packet.height;
        low_delay_ = packet.low_delay;
    }
    const bool half = packet.field && packet.pictures == 1;
    PacketFacts facts;
    facts.entry = packet.entry() && !half;
    facts.headers = packet.changes_header;
    facts.completes_previous = half && first_field_;
    facts.droppable = packet.droppable() && !half;
    facts.shown = tells(packet, bytes.size()) ? 1 : unknown_pictures;
    facts.delayed = !packet.only_b && !low_delay_;
    facts.follows_loss = follows_loss(packet);
    first_field_ = half && !first_field_;
    if (packet.pictures > 0 && !packet.only_b) ++references_;
    return facts;
}

bool Mpeg4Display::follows_in_time(const Mpeg4Packet& packet) noexcept {
    if (packet.gop_header) seconds_ = packet.group_seconds;
    if (!packet.b_vop) {
        seconds_before_ = seconds_;
        seconds_ += packet.seconds;
        const std::int64_t time = seconds_ * vol_.ticks + packet.ticks;
        reference_step_ = static_cast<std::uint16_t>(time - reference_time_);
        reference_time_ = time;
        return true;
    }
    const std::int64_t time = (seconds_before_ + packet.seconds) * vol_.ticks + packet.ticks;
    const auto step = static_cast<std::uint16_t>(reference_step_ - (reference_time_ - time));
    return step > 0 && step < reference_step_;
}

PacketFacts Mpeg4Display::read(std::span<const std::uint8_t> bytes) noexcept {
    const Mpeg4Vol before = vol_;
    const Mpeg4Packet packet = read_mpeg4_packet(bytes, vol_);
    changed_ = changed_ || (before.ticks > 0 && !(before == vol_));
    const bool in_time = packet.vops == 0 || follows_in_time(packet);
    // Interlaced B-planes are predicted by times counted from the last group's and by the first B-plane decoded.
    const bool times_said = !vol_.interlaced || (packet.vol_header && packet.gop_header);
    const bool header = packet.vol_header || packet.gop_header || packet.user_data;
    PacketFacts facts;
    facts.entry = packet.vops == 1 && packet.intra && packet.coded && times_said;
    facts.droppable = packet.vops == 1 && packet.b_vop && packet.coded && !header && !vol_.interlaced;
    facts.delayed = !packet.b_vop && !vol_.low_delay;
    const bool large_enough =  // else refused by libavcodec
        packet.b_vop || !packet.coded || packet.bytes > vol_.macroblocks / 16 + vop_header_bytes;
    const bool delay_known = vol_.delay_known || (vol_.delay_assumed && !packet.b_vop);
    const bool told = packet.vops == 1 && vol_.ticks > 0 && delay_known && !vol_.interlaced && !changed_ && large_enough &&
                      (references_ > 0 || packet.intra);
    const bool decoded = packet.coded && in_time && (!packet.b_vop || references_ >= 2);
    facts.shown = !told ? unknown_pictures : decoded ? 1 : 0;
    if (packet.coded && !packet.b_vop) ++references_;
    empty_ = packet.vops > 0 && !packet.coded;
    return facts;
}

}  // namespace kf::bitstream
