#include "bitstream/h264_fields.hpp"

namespace kf::bitstream {
namespace {

bool are_one_frame(const H264Picture& a, const H264Picture& b) noexcept {
    return a.structure != PictureStructure::frame && b.structure != PictureStructure::frame && a.structure != b.structure &&
           a.frame_num == b.frame_num;
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

H264Fields::Pairing H264Fields::read(const H264Pictures& packet) noexcept {
    follow_poc(packet);
    if (!packet.readable || packet.count == 0 || packet.count > 2) return Pairing::unclear;
    const H264Picture& picture = packet.pictures[0];
    if (packet.count == 2)
        return !waiting_ && are_one_frame(picture, packet.pictures[1]) ? Pairing::whole : Pairing::unclear;
    if (waiting_) {
        const bool matches = are_one_frame(*waiting_, picture);
        waiting_.reset();
        return matches ? Pairing::second_field : Pairing::unclear;
    }
    if (picture.structure == PictureStructure::frame) return Pairing::whole;
    waiting_ = picture;
    return Pairing::first_field;
}

}  // namespace kf::bitstream
