#include "plan/damage_signs.hpp"

#include <utility>

#include "bitstream/nal_units.hpp"

namespace kf::plan {

void DamageSigns::begin() {
    if (codec_ == bitstream::Codec::h264) loss_.emplace().read_record(index_.extradata, index_.nal_length_size);
    expect_frame_num_gap_ = true;
}

DamageSigns::Signs DamageSigns::read(std::span<const std::uint8_t> parameter_sets,
                                     std::span<const std::uint8_t> bytes) noexcept {
    Signs signs;
    signs.hole = bitstream::has_hole(codec_, bytes, index_.nal_length_size);
    gap_expected_ = std::exchange(expect_frame_num_gap_, false);
    if (!loss_) return signs;
    loss_->read_packet(parameter_sets, index_.nal_length_size);
    if (gap_expected_) loss_->forget();
    loss_->read_packet(bytes, index_.nal_length_size);
    // libavcodec fills gaps and reports them, but not all where unreferenced pictures come between.
    signs.lost_reference = loss_->follows_loss();
    return signs;
}

}  // namespace kf::plan
