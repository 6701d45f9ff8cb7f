#include "bitstream/h264_loss.hpp"

namespace kf::bitstream {

void FrameNumGaps::follow(const H264Pictures& packet) noexcept {
    found_ = false;
    if (!packet.readable || packet.count == 0) return;
    const H264Picture& picture = packet.pictures[0];
    const std::uint32_t max_frame_num = 1U << picture.frame_num_bits;
    const std::uint32_t next = (last_reference_.value_or(0) + 1) % max_frame_num;
    found_ = last_reference_ && !picture.idr && picture.frame_num != *last_reference_ && picture.frame_num != next;
    if (picture.reference) last_reference_ = picture.frame_num;
}

}  // namespace kf::bitstream
