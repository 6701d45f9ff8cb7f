#include "plan/damage_signs.hpp"

#include "bitstream/nal_units.hpp"

namespace kf::plan {

void DamageSigns::begin() {
    if (codec_ == bitstream::Codec::h264) loss_.emplace().read_record(index_.extradata, index_.nal_length_size);
}

bool DamageSigns::follows_loss(std::span<const std::uint8_t> parameter_sets, std::span<const std::uint8_t> bytes) noexcept {
    if (!loss_) return false;
    if (!parameter_sets.empty()) loss_->read_packet(parameter_sets, index_.nal_length_size);
    loss_->read_packet(bytes, index_.nal_length_size);
    return loss_->follows_loss();
}

bool DamageSigns::has_hole(std::span<const std::uint8_t> bytes) const noexcept {
    return bitstream::has_hole(codec_, bytes, index_.nal_length_size);
}

}  // namespace kf::plan
