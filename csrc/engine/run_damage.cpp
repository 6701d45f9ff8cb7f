#include "engine/run_damage.hpp"

#include <algorithm>
#include <utility>

namespace kf::engine {
namespace {

constexpr std::int32_t held_back = 8;  // packets that a decoder has held a picture back for, after damage

bool shows_picture(const index::FrameIndex& index, std::int32_t ordinal) noexcept {
    return std::any_of(index.frames.begin(), index.frames.end(),
                       [ordinal](const index::FrameEntry& frame) { return frame.packet == ordinal; });
}

}  // namespace

RunDamage::RunDamage(const index::FrameIndex& index, const plan::Run& run) : index_(index), run_(run) {}

bool RunDamage::sends(std::int32_t ordinal, bool droppable, bool leads) {
    if (leads) return false;
    if (!droppable) return true;
    if (pass_ != Pass::complete && !run_.wants(ordinal)) return false;
    unreferenced_.insert(ordinal);
    switch (pass_) {
        case Pass::together: return !alone_.contains(ordinal);
        case Pass::references: return false;
        case Pass::single: return ordinal == single_;
        case Pass::complete: break;
    }
    return true;
}

void RunDamage::note_flaw(std::int32_t ordinal, std::string words) {
    const bool alone = unreferenced_.contains(ordinal);
    if (pass_ == Pass::complete) {
        if (ordinal < complete_decides_from_ || ordinal >= spreads_from_) return;
        if (alone) {
            alone_.emplace(ordinal, std::move(words));
        } else {
            spreads_from_ = ordinal;
            spread_words_ = std::move(words);
        }
    } else if (pass_ == Pass::single) {
        if (ordinal == single_) alone_.emplace(ordinal, std::move(words));
    } else if (alone) {
        flawed_alone_.emplace(ordinal, std::move(words));
    } else if (ordinal < broke_at_) {
        broke_at_ = ordinal;
        broke_words_ = std::move(words);
    }
}

void RunDamage::note_missing(std::int32_t ordinal) {
    lacks_ = lacks_ || (ordinal < broke_at_ && !alone_.contains(ordinal));
}

bool RunDamage::ends_pass() const noexcept {
    if (pass_ == Pass::single || pass_ == Pass::complete) return false;
    return broke_at_ != INT32_MAX || lenient_from_ != INT32_MAX;
}

std::int32_t RunDamage::last() const noexcept {
    if (pass_ == Pass::together) return run_.last();
    const std::int32_t wanted = pass_ == Pass::single ? single_ : run_.last();
    const auto end = static_cast<std::int32_t>(index_.packets.size()) - 1;
    std::int32_t last = std::min(end, wanted + 2 * index_.reorder_depth + held_back);  // twice, for fields
    // Where the last packet holds no picture, MPEG-4 decoders show the picture before it under its name.
    while (last < end && !shows_picture(index_, last)) ++last;
    return last;
}

bool RunDamage::begin_next_pass() {
    switch (pass_) {
        case Pass::together: return begin_after_together();
        case Pass::references: keep_verdict(); return begin_singles(together_broke_at_ == broke_at_);
        case Pass::single: return begin_single_or_complete();
        case Pass::complete: break;
    }
    return false;
}

bool RunDamage::begin_after_together() {
    const bool flawed_alone = !flawed_alone_.empty();
    alone_.merge(flawed_alone_);
    if (flawed_alone && wants_more_than_alone()) {
        begin(Pass::together);
        return true;
    }
    const bool broke = broke_at_ != INT32_MAX || lenient_from_ != INT32_MAX || lacks_ || doubt_;
    if (!broke && !flawed_alone) return !alone_.empty() && begin_singles(true);
    if (unreferenced_.empty() && !lacks_) {  // the others have been decoded by themselves
        keep_verdict();
        return begin_single_or_complete();
    }
    together_broke_at_ = lacks_ || lenient_from_ != INT32_MAX ? -1 : broke_at_;
    begin(Pass::references);
    return true;
}

/// good: what came out of the pass in which they were decoded together.
bool RunDamage::begin_singles(bool good) {
    for (auto one = unreferenced_.rbegin(); one != unreferenced_.rend(); ++one) {
        if (*one < complete_from() && (!good || alone_.contains(*one))) singles_.push_back(*one);
    }
    alone_.clear();
    return begin_single_or_complete();
}

bool RunDamage::begin_single_or_complete() {
    if (!singles_.empty()) {
        single_ = singles_.back();
        singles_.pop_back();
        begin(Pass::single);
        return true;
    }
    if (run_.last() < complete_from()) return false;
    begin(Pass::complete);
    return true;
}

void RunDamage::begin(Pass pass) {
    pass_ = pass;
    lacks_ = false;
    flawed_alone_.clear();
    broke_at_ = INT32_MAX;
    broke_words_.clear();
    lenient_from_ = INT32_MAX;
    doubt_ = false;
}

/// Of a pass in which the referenced packets alone were sent.
void RunDamage::keep_verdict() {
    spreads_from_ = broke_at_;
    spread_words_ = broke_words_;
    complete_decides_from_ = lenient_from_;
}

bool RunDamage::takes(std::int32_t ordinal) const noexcept {
    switch (pass_) {
        case Pass::together: return !alone_.contains(ordinal);
        case Pass::references: return !unreferenced_.contains(ordinal);
        case Pass::single: return ordinal == single_;
        case Pass::complete: break;
    }
    return ordinal >= complete_from();
}

bool RunDamage::wants_more_than_alone() const noexcept {
    return std::any_of(run_.wanted.begin(), run_.wanted.end(),
                       [this](std::int32_t ordinal) { return !alone_.contains(plan::first_of_picture(index_, ordinal)); });
}

const std::string& RunDamage::words(std::int32_t ordinal) const noexcept {
    static const std::string none;
    const auto own = alone_.find(ordinal);
    if (own != alone_.end()) return own->second;
    return ordinal >= spreads_from_ ? spread_words_ : none;
}

}  // namespace kf::engine
