#include "bitstream/h264_loss.hpp"

#include <algorithm>

namespace kf::bitstream {
namespace {

constexpr std::size_t orders_that_differ = 3;  // before one that comes again is a sign

}  // namespace

bool H264Numbers::is_second_field(const H264Picture& picture) const noexcept {
    return first_field_ && picture.structure != PictureStructure::frame && picture.structure != first_field_->structure &&
           picture.frame_num == first_field_->frame_num;
}

bool H264Numbers::breaks_frame_num(const H264Picture& picture) noexcept {
    counts_ = counts_ || picture.frame_num != 0;
    if (picture.idr || !last_reference_) return false;
    const std::uint32_t next = (*last_reference_ + 1) % (1U << picture.frame_num_bits);
    if (picture.frame_num == next) {
        counts_unreferenced_ = counts_unreferenced_ || !picture.reference;
        return false;
    }
    return picture.frame_num != *last_reference_ || (picture.reference ? counts_ : counts_unreferenced_);
}

bool H264Numbers::repeats_poc(const H264Picture& picture, bool second_field) noexcept {
    if (picture.pic_order_cnt_type != 0) return false;
    if (picture.idr) begin_sequence();
    const std::int64_t order = poc_.next(picture.poc_lsb, picture.poc_lsb_bits, picture.reference);
    if (second_field) return false;
    const auto end = orders_.begin() + static_cast<std::ptrdiff_t>(std::min(orders_seen_, orders_.size()));
    if (std::find(orders_.begin(), end, order) != end) return orders_seen_ >= orders_that_differ;
    orders_[orders_seen_++ % orders_.size()] = order;
    return false;
}

void H264Numbers::begin_sequence() noexcept {
    poc_.begin_sequence();
    orders_seen_ = 0;
    poc_repeated_ = false;
}

void H264Numbers::follow(const H264Pictures& packet) noexcept {
    broken_ = false;
    if (!packet.readable) return;
    for (int i = 0; i < packet.kept(); ++i) {
        const H264Picture& picture = packet.pictures[static_cast<std::size_t>(i)];
        const bool second = is_second_field(picture);
        if (!second && breaks_frame_num(picture)) broken_ = true;
        poc_repeated_ = repeats_poc(picture, second) || poc_repeated_;
        broken_ = broken_ || poc_repeated_;
        if (picture.reference) {
            last_reference_ = picture.resets_numbers ? 0 : picture.frame_num;
            poc_repeated_ = false;
        }
        if (picture.resets_numbers) begin_sequence();
        const bool first = !second && picture.structure != PictureStructure::frame;
        first_field_ = first ? std::optional(picture) : std::nullopt;
    }
}

}  // namespace kf::bitstream
