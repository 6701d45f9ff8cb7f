#include "bitstream/picture_count.hpp"

namespace kf::bitstream {

void PictureCount::begin() noexcept {
    before_.reset();
    last_.reset();
    between_.reset();
}

PossibleLoss PictureCount::follow(const Picture& picture) noexcept {
    const PossibleLoss loss = picture.reference ? follow_reference(picture) : follow_between(picture);
    between_ = picture.reference ? std::nullopt : std::optional(picture.number);
    if (loss == PossibleLoss::none) return loss;
    ++broken_;
    begin();  // one loss is told once
    if (picture.reference) last_ = picture.number;
    last_intra_ = picture.intra;
    return loss;
}

PossibleLoss PictureCount::follow_reference(const Picture& picture) noexcept {
    PossibleLoss loss = PossibleLoss::none;
    if (last_ && picture.number <= *last_) {
        if (picture.intra) {
            begin();
        } else {
            loss = PossibleLoss::before_this;
        }
    } else if (last_ && before_ && picture.counted) {
        if (next_ == *last_) ++whole_;
        if (next_ == *before_ + 1 && next_ != *last_ && !last_intra_) loss = PossibleLoss::before_last_reference;
    }
    before_ = last_;
    last_ = picture.number;
    last_intra_ = picture.intra;
    if (before_) next_ = *before_ + 1;
    return loss;
}

PossibleLoss PictureCount::follow_between(const Picture& picture) noexcept {
    if (!last_) return PossibleLoss::none;
    if (picture.number >= *last_) return picture.counted ? PossibleLoss::before_this : PossibleLoss::behind_last_reference;
    if (between_ && picture.number < *between_) return PossibleLoss::before_this;
    if (before_ && picture.number <= *before_) {
        if (!last_intra_) return PossibleLoss::before_last_reference;
        return picture.counted ? PossibleLoss::before_this : PossibleLoss::none;
    }
    if (!before_ || !picture.counted) return PossibleLoss::none;
    const bool first_missing = next_ == *before_ + 1 && picture.number > next_;
    next_ = picture.number + 1;
    if (!first_missing) return PossibleLoss::none;
    return last_intra_ ? PossibleLoss::before_this : PossibleLoss::before_last_reference;
}

}  // namespace kf::bitstream
