#include "engine/run_damage.hpp"

#include <algorithm>
#include <utility>

namespace kf {

bool RunDamage::sends(std::int32_t ordinal, bool droppable, bool leads) const noexcept {
    if (run_.wants(ordinal)) return complete_ || !alone_.contains(ordinal);
    return !leads && (complete_ || !droppable);
}

void RunDamage::note_sent(std::int32_t ordinal, bool droppable) {
    if (droppable) unreferenced_.insert(ordinal);
}

void RunDamage::note_flaw(std::int32_t ordinal, std::string words) {
    if (complete_ || ordinal >= spreads_from_) return;
    if (unreferenced_.contains(ordinal)) {
        again_ = true;
        alone_.emplace(ordinal, std::move(words));
    } else {
        spreads_from_ = ordinal;
        spread_words_ = std::move(words);
    }
}

bool RunDamage::ends_pass(std::int32_t ordinal) const noexcept {
    if (complete_) return false;
    return again_ || ordinal >= spreads_from_;
}

std::int32_t RunDamage::last(const FrameIndex& index) const noexcept {
    if (!complete_) return run_.last();
    const auto end = static_cast<std::int32_t>(index.packets.size()) - 1;
    return std::min(end, last_damaged() + 2 * (index.reorder_depth + 1));  // twice, for fields
}

bool RunDamage::begin_next_pass() {
    if (complete_) return false;
    if (again_ && wants_sound()) {
        spreads_from_ = INT32_MAX;  // perhaps no more than what the flaw led to
    } else if (last_damaged() >= 0) {
        complete_ = true;
    } else {
        return false;
    }
    again_ = false;
    unreferenced_.clear();
    return true;
}

bool RunDamage::wants_sound() const noexcept {
    return std::any_of(run_.wanted.begin(), run_.wanted.end(),
                       [this](std::int32_t ordinal) { return !alone_.contains(ordinal); });
}

std::int32_t RunDamage::last_damaged() const noexcept {
    const auto last =
        std::find_if(run_.wanted.rbegin(), run_.wanted.rend(), [this](std::int32_t ordinal) { return damaged(ordinal); });
    return last == run_.wanted.rend() ? -1 : *last;
}

const std::string& RunDamage::words(std::int32_t ordinal) const noexcept {
    static const std::string none;
    const auto own = alone_.find(ordinal);
    if (own != alone_.end()) return own->second;
    return ordinal >= spreads_from_ ? spread_words_ : none;
}

}  // namespace kf
