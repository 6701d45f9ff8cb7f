#include "bitstream/av1_loss.hpp"

#include <cstddef>
#include <utility>

namespace kf::bitstream {

bool Av1OrderHints::skips(const Av1Packet& packet, const Av1Sequence& sequence) noexcept {
    const bool one_layer = sequence.known && !sequence.has_several_spatial_layers();
    if (!one_layer || sequence.order_hint_bits == 0 || sequence.reduced_still_picture_header) return false;
    bool found = false;
    repeats_before_ = repeats_++;
    for (std::size_t i = 0; i < static_cast<std::size_t>(packet.kept()); ++i)
        found = follow(packet.numbers[i], sequence.order_hint_bits) || found;
    if (found) ++skipped_;
    return found;
}

bool Av1OrderHints::follow(const Av1FrameNumber& frame, int bits) noexcept {
    const std::uint32_t hint = frame.existing ? slots_[frame.slot].order_hint : frame.order_hint;
    const bool key = frame.existing ? slots_[frame.slot].hidden_key : frame.key;
    const unsigned refreshed = frame.existing && key ? 255U : frame.refreshed;  // 7.21: a key frame that is shown late
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
        if ((refreshed >> slot & 1U) != 0) slots_[slot] = {hint, key && !frame.shown};
    }
    if (frame.key && !frame.shown && refreshed == 255U) filtered_key_ = hint;
    if (!frame.shown) return false;
    const bool restarts = key || (std::exchange(filtered_key_, {}) == hint && !frame.existing);
    const std::uint32_t count = 1U << bits;
    const std::uint32_t step = last_ ? (hint - *last_) % count : 1;
    if (frame.existing && !key && (step == 0 || step > count / 2)) {
        repeats_last_ = repeats_in_sequence_ = true;
        return false;
    }
    last_ = hint;
    if (restarts) repeats_in_sequence_ = false;
    if (!frame.existing && !repeats_in_sequence_) repeats_ = 0;
    const bool after_repeat = std::exchange(repeats_last_, false);
    if ((restarts && !after_repeat) || step == 1) {
        ++in_line_;
        return false;
    }
    return true;
}

}  // namespace kf::bitstream
