// Damage in one run, and how often the run has to be decoded so that a frame's status and pixels do not depend on what else
// is wanted. One owner; knows words and ordinals (a picture's first one), no bytes.
//   1. Packets that nothing refers to are sent where they are wanted. Without damage that is all.
//   2. A flaw in such a packet is its own, but a decoder that met it may go on wrongly: the run begins anew without it.
//   3. A flaw in any other packet reaches every picture decoded after it; they need not be decoded in this pass.
//   4. What libavcodec makes up for damaged pictures depends on every packet before them. So their pixels come from a last
//   pass
//      in which everything is sent.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "plan/run_plan.hpp"

namespace kf {

class RunDamage {
public:
    explicit RunDamage(const Run& run) : run_(run) {}

    /// Whether this pass sends a packet. leads: it leads the run's entry.
    [[nodiscard]] bool sends(std::int32_t ordinal, bool droppable, bool leads) const noexcept;
    void note_sent(std::int32_t ordinal, bool droppable);
    void note_flaw(std::int32_t ordinal, std::string words);

    /// Whether the pass need not go on after this packet.
    [[nodiscard]] bool ends_pass(std::int32_t ordinal) const noexcept;
    /// The last packet of this pass. Of the one that sends everything it lies behind the last wanted one, so that a picture
    /// comes out because others follow it and not because the run ends.
    [[nodiscard]] std::int32_t last(const FrameIndex& index) const noexcept;
    /// At the end of a pass: true where the run has to be decoded once more.
    [[nodiscard]] bool begin_next_pass();
    /// Whether this pass is the one that this packet's pictures are taken from.
    [[nodiscard]] bool takes(std::int32_t ordinal) const noexcept { return !complete_ || damaged(ordinal); }

    [[nodiscard]] bool damaged(std::int32_t ordinal) const noexcept {
        return ordinal >= spreads_from_ || alone_.contains(ordinal);
    }
    /// FFmpeg's, of what damaged it; empty where nothing did.
    [[nodiscard]] const std::string& words(std::int32_t ordinal) const noexcept;

private:
    [[nodiscard]] bool wants_sound() const noexcept;
    [[nodiscard]] std::int32_t last_damaged() const noexcept;

    const Run& run_;
    bool complete_ = false;                      // the last pass
    bool again_ = false;                         // this pass met a flaw that it should not have met
    std::set<std::int32_t> unreferenced_;        // sent in this pass
    std::map<std::int32_t, std::string> alone_;  // flawed, and nothing refers to them
    std::int32_t spreads_from_ = INT32_MAX;
    std::string spread_words_;
};

}  // namespace kf
