// Damage in one run, and how often the run has to be decoded so that a frame's status and pixels do not depend on what else
// is wanted. One owner; knows words and ordinals (a picture's first one), no bytes.
//
// What a frame comes to is what comes of decoding the packets that others refer to, and its own. Steps:
//   1. Together: those packets, and of the unreferenced ones the wanted. Where nothing is wrong, that is all.
//   2. A flaw in an unreferenced picture is its own, but the decoder may go on wrongly: together again, without it; in the
//      end it is decoded singly, with the referenced ones alone.
//   3. A flaw in another picture reaches every one decoded after it. But it, or a picture that never came out, may be the
//      work of an unreferenced picture whose damage shows nowhere else. So the referenced packets are decoded by themselves,
//      and where that comes to something else, every wanted unreferenced picture is decoded singly.
//   4. What libavcodec makes up for pictures that a flaw has reached depends on every packet before them: their pixels come
//      from a complete pass, in which all packets are sent.
//   5. Once referenced MPEG-4 pictures have ended badly, libavcodec is lenient or strict by a count of all that it has seen:
//      from there on the complete pass decides what is flawed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "plan/run_plan.hpp"

namespace kf::engine {

class RunDamage {
public:
    RunDamage(const index::FrameIndex& index, const plan::Run& run);

    /// Whether this pass sends a packet. leads: it leads the run's entry.
    [[nodiscard]] bool sends(std::int32_t ordinal, bool droppable, bool leads);
    void note_flaw(std::int32_t ordinal, std::string words);
    /// At the end of a pass: a wanted picture of this packet has not come out.
    void note_missing(std::int32_t ordinal);
    /// The decoder may have been led astray without a word.
    void note_doubt() noexcept { doubt_ = true; }
    /// From this packet on, what is a flaw to libavcodec depends on the pictures that it has seen.
    void note_lenience(std::int32_t ordinal) noexcept { lenient_from_ = std::min(lenient_from_, ordinal); }

    /// Whether the pass need not go on.
    [[nodiscard]] bool ends_pass() const noexcept;
    /// The last packet of this pass. After the first one it lies behind the last wanted one, so that a picture comes out
    /// because others follow it and not because the run ends.
    [[nodiscard]] std::int32_t last() const noexcept;
    /// At the end of a pass: true where the run has to be decoded once more.
    [[nodiscard]] bool begin_next_pass();
    /// Whether this pass is one that this packet's pictures are taken from.
    [[nodiscard]] bool takes(std::int32_t ordinal) const noexcept;

    [[nodiscard]] bool damaged(std::int32_t ordinal) const noexcept {
        return ordinal >= spreads_from_ || alone_.contains(ordinal);
    }
    /// FFmpeg's, of what damaged it; empty where nothing did.
    [[nodiscard]] const std::string& words(std::int32_t ordinal) const noexcept;

private:
    enum class Pass : std::uint8_t { together, references, single, complete };

    void begin(Pass pass);
    [[nodiscard]] bool begin_after_together();
    [[nodiscard]] bool begin_singles(bool good);
    [[nodiscard]] bool begin_single_or_complete();
    void keep_verdict();
    [[nodiscard]] std::int32_t complete_from() const noexcept { return std::min(spreads_from_, complete_decides_from_); }
    [[nodiscard]] bool wants_more_than_alone() const noexcept;

    const index::FrameIndex& index_;
    const plan::Run& run_;

    Pass pass_ = Pass::together;
    std::int32_t single_ = -1;                    // the unreferenced picture of this pass
    std::vector<std::int32_t> singles_;           // still to come, descending
    std::set<std::int32_t> unreferenced_;         // packets met so far, those that nobody wants only in the complete pass
    std::int32_t together_broke_at_ = INT32_MAX;  // -1: it lacked a picture, or was lenient

    // In this pass:
    bool lacks_ = false;
    std::map<std::int32_t, std::string> flawed_alone_;
    std::int32_t broke_at_ = INT32_MAX;
    std::string broke_words_;
    std::int32_t lenient_from_ = INT32_MAX;
    bool doubt_ = false;

    // What is known:
    std::map<std::int32_t, std::string> alone_;  // flawed, and nothing refers to them
    std::int32_t spreads_from_ = INT32_MAX;
    std::string spread_words_;
    std::int32_t complete_decides_from_ = INT32_MAX;
};

}  // namespace kf::engine
