#include "base/h264_gaps.hpp"

namespace kf {

bool H264Gaps::missing_before(std::span<const std::uint8_t> packet) noexcept {
    (void)fields_.read_packet(packet, nal_length_size_);
    const std::optional<H264Fields::Picture> picture = fields_.picture();
    if (!picture) return false;
    const unsigned next = (last_reference_.value_or(0) + 1) & ((1U << picture->frame_number_bits) - 1);
    const bool follows =
        !last_reference_ || picture->idr || picture->frame_number == *last_reference_ || picture->frame_number == next;
    if (picture->reference) last_reference_ = picture->frame_number;
    return !follows;
}

}  // namespace kf
