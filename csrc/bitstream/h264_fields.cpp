#include "bitstream/h264_fields.hpp"

#include <cstdlib>
#include <utility>

namespace kf::bitstream {
namespace {

bool are_one_frame(const H264Picture& a, const H264Picture& b) noexcept {
    return a.structure != PictureStructure::frame && b.structure != PictureStructure::frame && a.structure != b.structure &&
           a.frame_num == b.frame_num && a.reference == b.reference;
}

}  // namespace

void H264Fields::follow_poc(const H264Pictures& packet) noexcept {
    order_.reset();
    if (!packet.readable) return;
    for (int i = 0; i < packet.kept(); ++i) {
        const H264Picture& picture = packet.pictures[static_cast<std::size_t>(i)];
        if (picture.pic_order_cnt_type == 1) return;  // derived from frame_num by tables that hardly any encoder writes
        if (picture.idr && !waiting_ && i == 0) poc_.begin_sequence();
        const std::int64_t order = picture.pic_order_cnt_type == 0
                                       ? poc_.next(picture.poc_lsb, picture.poc_lsb_bits, picture.reference)
                                       : poc_.next_in_coded_order();
        if (i == 0) order_ = order;
    }
}

/// The POCs of the two fields of a frame differ by as much in every frame. Where they differ by more, the second field of
/// one frame and the first field of the next one are lost.
bool H264Fields::is_near_first_field() noexcept {
    if (!order_ || !order_before_) return true;
    const std::int64_t distance = std::abs(*order_ - *order_before_);
    if (!field_distance_) field_distance_ = distance;
    return distance <= *field_distance_;
}

H264Fields::Pairing H264Fields::read(const H264Pictures& packet) noexcept {
    order_before_ = order_;
    follow_poc(packet);
    lacks_second_field_ = false;
    if (!packet.readable || packet.count == 0 || packet.count > 2) return Pairing::unclear;
    const H264Picture& picture = packet.pictures[0];
    const std::optional<H264Picture> first = std::exchange(waiting_, {});
    if (packet.count == 2) return !first && are_one_frame(picture, packet.pictures[1]) ? Pairing::whole : Pairing::unclear;
    if (first && are_one_frame(*first, picture) && is_near_first_field()) return Pairing::second_field;
    lacks_second_field_ = first.has_value();
    if (picture.structure != PictureStructure::frame) waiting_ = picture;
    if (lacks_second_field_) return Pairing::unclear;
    return waiting_ ? Pairing::first_field : Pairing::whole;
}

}  // namespace kf::bitstream
