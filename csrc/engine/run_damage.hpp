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
// Unreferenced pictures of other codecs than H.264 and HEVC leave nothing behind but a count of where MPEG-4 pictures ended
// badly, by which libavcodec decides how strict to be. There the complete pass follows at once, and it decides.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "plan/run_plan.hpp"

namespace kf {

class RunDamage {
public:
    RunDamage(const FrameIndex& index, const Run& run);

    /// Whether this pass sends a packet. leads: it leads the run's entry.
    [[nodiscard]] bool sends(std::int32_t ordinal, bool droppable, bool leads);
    void note_flaw(std::int32_t ordinal, std::string words);
    /// A picture of this packet came out.
    void note_picture(std::int32_t ordinal) { came_.insert(ordinal); }
    /// Whether libavcodec finds flaws now depends on the pictures that it has seen.
    void note_doubt() noexcept { doubt_ = true; }

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
    void note_spread();
    [[nodiscard]] bool wants_more_than_alone() const noexcept;
    [[nodiscard]] bool lacks_a_picture() const noexcept;

    const FrameIndex& index_;
    const Run& run_;
    const bool isolates_;  // an unreferenced picture may leave something behind in the decoder

    Pass pass_ = Pass::together;
    bool decides_ = false;                 // the complete pass
    std::int32_t single_ = -1;             // the unreferenced picture of this pass
    std::vector<std::int32_t> singles_;    // still to come, descending
    std::set<std::int32_t> unreferenced_;  // packets met so far, those that nobody wants only in the complete pass
    std::int32_t together_broke_at_ =
        INT32_MAX;  // where the first pass met a flaw that spreads; -1 where it lacked a picture

    // In this pass:
    std::set<std::int32_t> came_;
    std::map<std::int32_t, std::string> flawed_alone_;
    std::int32_t broke_at_ = INT32_MAX;
    std::string broke_words_;
    bool doubt_ = false;

    // What is known:
    std::map<std::int32_t, std::string> alone_;  // flawed, and nothing refers to them
    std::int32_t spreads_from_ = INT32_MAX;
    std::string spread_words_;
};

}  // namespace kf
