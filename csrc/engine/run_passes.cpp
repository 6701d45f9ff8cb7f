#include "engine/run_passes.hpp"

#include <algorithm>
#include <utility>

#include "plan/sending.hpp"

namespace kf::engine {
namespace {

constexpr std::int32_t held_back = 8;  // packets that a decoder has held a picture back for, after damage

bool shows_picture(const index::FrameIndex& index, std::int32_t ordinal) noexcept {
    return std::any_of(index.frames.begin(), index.frames.end(),
                       [ordinal](const index::FrameEntry& frame) { return frame.packet == ordinal; });
}

bool reaches(const std::optional<std::int32_t>& from, std::int32_t ordinal) noexcept {
    return from && ordinal >= *from;
}

bool reaches(const std::optional<Flaw>& from, std::int32_t ordinal) noexcept {
    return from && ordinal >= from->ordinal;
}

std::optional<std::int32_t> ordinal_of(const std::optional<Flaw>& flaw) noexcept {
    return flaw ? std::optional(flaw->ordinal) : std::nullopt;
}

}  // namespace

const std::string* RunPasses::Damage::of(std::int32_t ordinal) const noexcept {
    const auto own = alone.find(ordinal);
    if (own != alone.end()) return &own->second;
    return spreads && ordinal >= spreads->ordinal ? &spreads->reason : nullptr;
}

bool RunPasses::sends(std::int32_t ordinal, bool droppable, bool leads) {
    if (leads) return false;
    if (!droppable) return true;
    if (!sends_all() && !run_.wants(ordinal)) return false;
    unreferenced_.insert(ordinal);
    switch (pass_) {
        case Pass::as_wanted: return !known_.alone.contains(ordinal);
        case Pass::references_only: return false;
        case Pass::one_unreferenced:
        case Pass::ends_at_missing: return ordinal == own_pass_of_;
        case Pass::whole_run:
        case Pass::all_packets: break;
    }
    return true;
}

void RunPasses::add(PacketOutcome outcome) {
    for (Flaw& flaw : outcome.flaws) add(std::move(flaw));
    if (!found_.error_tolerance_changed_at) found_.error_tolerance_changed_at = outcome.error_tolerance_changed_at;
    found_.reference_not_sent = found_.reference_not_sent || outcome.reference_not_sent;
}

void RunPasses::add(Flaw flaw) {
    if (is_own_pass() && flaw.ordinal != own_pass_of_) return;
    if (pass_ == Pass::all_packets && !reaches(all_packets_decide_from_, flaw.ordinal)) return;
    Damage& damage = found_.damage;
    if (is_own_pass() || unreferenced_.contains(flaw.ordinal)) {
        damage.alone.try_emplace(flaw.ordinal, std::move(flaw.reason));
    } else if (!reaches(damage.spreads, flaw.ordinal)) {
        damage.spreads = std::move(flaw);
    }
}

void RunPasses::add_missing(std::int32_t ordinal) {
    const bool expected = !reaches(found_.damage.spreads, ordinal) && !known_.alone.contains(ordinal);
    found_.picture_missing = found_.picture_missing || expected;
    found_.missing.insert(ordinal);
}

bool RunPasses::is_decided_at(std::int32_t last) const noexcept {
    if (is_own_pass() || pass_ == Pass::all_packets) return false;
    const bool decided = found_.damage.spreads || found_.error_tolerance_changed_at;
    return decided && shows_picture(index_, last);  // see last()
}

std::int32_t RunPasses::last() const noexcept {
    if (pass_ == Pass::as_wanted) return run_.last();
    if (pass_ == Pass::ends_at_missing) return plan::last_of_picture(index_, own_pass_of_);
    const std::int32_t wanted = pass_ == Pass::one_unreferenced ? own_pass_of_ : run_.last();
    const auto end = static_cast<std::int32_t>(index_.packets.size()) - 1;
    std::int32_t last = std::min(end, wanted + 2 * index_.reorder_depth + held_back);  // twice, for fields
    // Where the last packet holds no picture, MPEG-4 decoders give the picture before it that packet's ordinal.
    while (last < end && !shows_picture(index_, last)) ++last;
    return last;
}

bool RunPasses::begin_next_pass() {
    const std::optional<Pass> next = next_pass();
    found_ = {};
    pass_ = next.value_or(pass_);
    return next.has_value();
}

std::optional<RunPasses::Pass> RunPasses::next_pass() {
    switch (pass_) {
        case Pass::as_wanted: return after_as_wanted();
        case Pass::whole_run: return after_whole_run();
        case Pass::references_only: return after_references_only();
        case Pass::one_unreferenced:
        case Pass::ends_at_missing: return after_own_pass();
        case Pass::all_packets: break;
    }
    known_.alone.merge(found_.damage.alone);
    const std::optional<Flaw>& earlier = found_.damage.spreads;
    if (earlier && !reaches(known_.spreads, earlier->ordinal)) known_.spreads = earlier;
    return {};
}

std::optional<RunPasses::Pass> RunPasses::after_as_wanted() {
    if (found_.reference_not_sent && !found_.sound() && std::exchange(whole_run_due_, false)) return Pass::whole_run;
    const bool more_suspects = !found_.damage.alone.empty();
    known_.alone.merge(found_.damage.alone);
    if (more_suspects && wants_more_than_suspects()) return Pass::as_wanted;
    const bool wrong = more_suspects || found_.damage.spreads || found_.error_tolerance_changed_at || found_.picture_missing;
    if (!wrong) {
        plan_own_passes(true);
    } else if (unreferenced_.empty() && !found_.picture_missing) {
        settle_references();  // this pass was one of references_only
    } else {
        as_wanted_ = std::move(found_);
        return Pass::references_only;
    }
    return own_pass_or_all_packets();
}

std::optional<RunPasses::Pass> RunPasses::after_whole_run() {
    unreferenced_.clear();
    known_ = {};
    return found_.sound() ? std::nullopt : std::optional(Pass::as_wanted);
}

std::optional<RunPasses::Pass> RunPasses::after_references_only() {
    const bool same = !as_wanted_.picture_missing && !as_wanted_.error_tolerance_changed_at &&
                      ordinal_of(as_wanted_.damage.spreads) == ordinal_of(found_.damage.spreads);
    settle_references();
    plan_own_passes(same);
    missing_ = std::move(found_.missing);
    std::erase_if(missing_, [this](std::int32_t ordinal) {
        return unreferenced_.contains(ordinal) || comes_from_all_packets(ordinal);
    });
    return own_pass_or_all_packets();
}

std::optional<RunPasses::Pass> RunPasses::after_own_pass() {
    if (pass_ == Pass::ends_at_missing && found_.damage.alone.contains(own_pass_of_)) lost_.insert(own_pass_of_);
    known_.alone.merge(found_.damage.alone);
    if (pass_ == Pass::one_unreferenced && found_.missing.contains(own_pass_of_)) missing_.insert(own_pass_of_);
    return own_pass_or_all_packets();
}

void RunPasses::settle_references() {
    known_.spreads = std::move(found_.damage.spreads);
    all_packets_decide_from_ = found_.error_tolerance_changed_at;
}

void RunPasses::plan_own_passes(bool for_suspects_only) {
    for (auto one = unreferenced_.rbegin(); one != unreferenced_.rend(); ++one) {
        const bool due = !for_suspects_only || known_.alone.contains(*one);
        if (due && !comes_from_all_packets(*one)) own_passes_.push_back(*one);
    }
}

std::optional<RunPasses::Pass> RunPasses::own_pass_or_all_packets() {
    if (!own_passes_.empty()) {
        own_pass_of_ = own_passes_.back();
        own_passes_.pop_back();
        known_.alone.erase(own_pass_of_);
        return Pass::one_unreferenced;
    }
    if (!missing_.empty()) {
        own_pass_of_ = missing_.extract(missing_.begin()).value();
        return Pass::ends_at_missing;
    }
    if (!comes_from_all_packets(run_.last())) return {};
    std::erase_if(known_.alone, [this](const auto& suspect) { return comes_from_all_packets(suspect.first); });
    return Pass::all_packets;
}

bool RunPasses::keeps_output_of(std::int32_t ordinal) const noexcept {
    switch (pass_) {
        case Pass::as_wanted: return !known_.alone.contains(ordinal);
        case Pass::whole_run: return true;
        case Pass::references_only: return !unreferenced_.contains(ordinal);
        case Pass::one_unreferenced:
        case Pass::ends_at_missing: return ordinal == own_pass_of_;
        case Pass::all_packets: break;
    }
    return comes_from_all_packets(ordinal);
}

bool RunPasses::comes_from_all_packets(std::int32_t ordinal) const noexcept {
    return reaches(known_.spreads, ordinal) || reaches(all_packets_decide_from_, ordinal);
}

bool RunPasses::wants_more_than_suspects() const noexcept {
    return std::any_of(run_.wanted.begin(), run_.wanted.end(), [this](std::int32_t ordinal) {
        return !known_.alone.contains(plan::first_of_picture(index_, ordinal));
    });
}

const std::string* RunPasses::damage(std::int32_t ordinal) const noexcept {
    const std::string* reason = known_.of(ordinal);
    return reason != nullptr ? reason : found_.damage.of(ordinal);  // of a pass that did not come to its end
}

}  // namespace kf::engine
