#include "engine/run_damage.hpp"

#include <algorithm>
#include <utility>

#include "base/codec.hpp"

namespace kf {

RunDamage::RunDamage(const FrameIndex& index, const Run& run)
    : index_(index), run_(run), isolates_(has_nal_units(codec_of(index.codec))) {}

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
    if (alone && (pass_ == Pass::single ? ordinal == single_ : pass_ == Pass::complete && decides_)) {
        alone_.emplace(ordinal, std::move(words));
        return;
    }
    if (alone && isolates_) {
        flawed_alone_.emplace(ordinal, std::move(words));
    } else if (ordinal < broke_at_) {
        broke_at_ = ordinal;
        broke_words_ = std::move(words);
    }
}

bool RunDamage::ends_pass() const noexcept {
    if (pass_ == Pass::single || pass_ == Pass::complete) return false;
    return broke_at_ != INT32_MAX || (doubt_ && !isolates_);
}

std::int32_t RunDamage::last() const noexcept {
    if (pass_ == Pass::together) return run_.last();
    const std::int32_t wanted = pass_ == Pass::single ? single_ : run_.last();
    const auto end = static_cast<std::int32_t>(index_.packets.size()) - 1;
    return std::min(end, wanted + 2 * (index_.reorder_depth + 1));  // twice, for fields
}

bool RunDamage::begin_next_pass() {
    switch (pass_) {
        case Pass::together: return begin_after_together();
        case Pass::references: note_spread(); return begin_singles(together_broke_at_ == broke_at_);
        case Pass::single: return begin_single_or_complete();
        case Pass::complete: break;
    }
    if (decides_) note_spread();
    return false;
}

bool RunDamage::begin_after_together() {
    if (!flawed_alone_.empty()) {
        alone_.merge(flawed_alone_);
        if (!wants_more_than_alone()) return begin_singles(true);
        begin(Pass::together);
        return true;
    }
    const bool lacks = lacks_a_picture();
    if (broke_at_ == INT32_MAX && !lacks && !doubt_) return !alone_.empty() && begin_singles(true);
    if (!isolates_) {
        decides_ = true;
        begin(Pass::complete);
        return true;
    }
    if (unreferenced_.empty()) {  // the others have been decoded by themselves
        note_spread();
        return begin_singles(true);
    }
    together_broke_at_ = lacks ? -1 : broke_at_;
    begin(Pass::references);
    return true;
}

/// good: what came out of the pass in which they were decoded together.
bool RunDamage::begin_singles(bool good) {
    for (auto one = unreferenced_.rbegin(); one != unreferenced_.rend(); ++one) {
        if (*one < spreads_from_ && (!good || alone_.contains(*one))) singles_.push_back(*one);
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
    if (run_.last() < spreads_from_) return false;
    begin(Pass::complete);
    return true;
}

void RunDamage::begin(Pass pass) {
    pass_ = pass;
    came_.clear();
    flawed_alone_.clear();
    broke_at_ = INT32_MAX;
    broke_words_.clear();
    doubt_ = false;
}

void RunDamage::note_spread() {
    spreads_from_ = broke_at_;
    spread_words_ = broke_words_;
}

bool RunDamage::takes(std::int32_t ordinal) const noexcept {
    switch (pass_) {
        case Pass::together: return !alone_.contains(ordinal);
        case Pass::references: return !unreferenced_.contains(ordinal);
        case Pass::single: return ordinal == single_;
        case Pass::complete: break;
    }
    return decides_ || ordinal >= spreads_from_;
}

bool RunDamage::wants_more_than_alone() const noexcept {
    return std::any_of(run_.wanted.begin(), run_.wanted.end(),
                       [this](std::int32_t ordinal) { return !alone_.contains(first_of_picture(index_, ordinal)); });
}

bool RunDamage::lacks_a_picture() const noexcept {
    return std::any_of(run_.wanted.begin(), run_.wanted.end(), [this](std::int32_t ordinal) {
        if (ordinal >= broke_at_ || index_.packets[static_cast<std::size_t>(ordinal)].continues) return false;
        return !came_.contains(ordinal) && !alone_.contains(ordinal);
    });
}

const std::string& RunDamage::words(std::int32_t ordinal) const noexcept {
    static const std::string none;
    const auto own = alone_.find(ordinal);
    if (own != alone_.end()) return own->second;
    return ordinal >= spreads_from_ ? spread_words_ : none;
}

}  // namespace kf
