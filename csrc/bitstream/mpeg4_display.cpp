#include "bitstream/mpeg4_display.hpp"

namespace kf::bitstream {
namespace {

constexpr std::size_t vop_header_bytes = 12;  // more than a VOP header takes

}  // namespace

/// libavcodec leaves out a B-VOP whose time is not between those of the two references coded before it.
bool Mpeg4Display::follows_in_time(const Mpeg4Packet& packet) noexcept {
    if (packet.gov_header) seconds_ = packet.gov_seconds;
    if (!packet.b_vop) {
        seconds_before_ = seconds_;
        seconds_ += packet.modulo_time_base;
        time_ = seconds_ * vol_.time_increment_resolution + packet.vop_time_increment;
        reference_step_ = static_cast<std::uint16_t>(time_ - reference_time_);
        reference_time_ = time_;
        return true;
    }
    const std::int64_t seconds = seconds_before_ + packet.modulo_time_base;
    time_ = seconds * vol_.time_increment_resolution + packet.vop_time_increment;
    const auto step = static_cast<std::uint16_t>(reference_step_ - (reference_time_ - time_));
    return step > 0 && step < reference_step_;
}

/// A VOL with fixed_vop_rate counts VOPs. Otherwise times may have gaps, and only B-VOPs tell, by the references around
/// them. Where B-VOPs are packed, a VOP that is not coded repeats the number of the reference before it.
PossibleLoss Mpeg4Display::possible_loss(const Mpeg4Packet& packet) noexcept {
    const bool counted = vol_.fixed_increment > 0;
    const std::int64_t number = counted ? time_ / vol_.fixed_increment : time_;
    if (!packet.coded && number == count_.last_number()) return PossibleLoss::none;
    return count_.follow({.number = number, .reference = !packet.b_vop, .intra = packet.intra, .counted = counted});
}

PacketFacts Mpeg4Display::read(Bytes bytes) noexcept {
    const Mpeg4Vol before = vol_;
    const Mpeg4Packet packet = read_mpeg4_packet(bytes, vol_);
    vol_changed_ = vol_changed_ || (before.time_increment_resolution > 0 && !(before == vol_));
    const bool in_time = packet.vops == 0 || follows_in_time(packet);
    // Interlaced B-VOPs are predicted by times that count from the last group of VOP and by the first B-VOP decoded.
    const bool times_said = !vol_.interlaced || (packet.vol_header && packet.gov_header);
    const bool header = packet.vol_header || packet.gov_header || packet.user_data;
    PacketFacts facts;
    facts.entry = packet.vops == 1 && packet.intra && packet.coded && times_said;
    facts.droppable = packet.vops == 1 && packet.b_vop && packet.coded && !header && !vol_.interlaced;
    facts.delayed = !packet.b_vop && !vol_.low_delay;
    // libavcodec refuses a smaller I-, P- or S-VOP.
    const bool large_enough = packet.b_vop || !packet.coded || packet.bytes > vol_.macroblocks / 16 + vop_header_bytes;
    const bool delay_known = vol_.says_low_delay || (vol_.assumes_low_delay && !packet.b_vop);
    const bool known = packet.vops == 1 && vol_.time_increment_resolution > 0 && delay_known && !vol_.interlaced &&
                       !vol_changed_ && large_enough && (references_ > 0 || packet.intra);
    const bool shown = packet.coded && in_time && (!packet.b_vop || references_ >= 2);
    facts.shown = !known ? unknown_pictures : shown ? 1 : 0;
    // With low_delay libavcodec shows every VOP at once, so a B-VOP is shown after the reference coded before it.
    const bool after_references = packet.b_vop && packet.coded && references_ >= 2;
    facts.needs_before_entry = after_references && vol_.says_low_delay && vol_.low_delay && entry_is_latest_;
    if (facts.needs_before_entry) entry_is_latest_ = false;  // once is enough
    if (packet.coded && !packet.b_vop) {
        ++references_;
        entry_is_latest_ = facts.entry;
    }
    if (packet.vops == 1 && vol_.time_increment_resolution > 0) facts.possible_loss = possible_loss(packet);
    not_coded_ = packet.vops > 0 && !packet.coded;
    return facts;
}

}  // namespace kf::bitstream
