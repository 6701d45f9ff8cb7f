// How often a run is decoded, and what becomes of its pictures. What a decoder does after damage depends on every packet
// that it was sent. So where something is wrong, the run is decoded again in passes whose outcome for a picture does not
// depend on which other pictures are wanted. One RunPasses per run, used by one thread at a time. It knows the ordinals of
// packets (a picture is named by its first packet) and reasons; it never reads bytes, sends a packet or writes a pixel.
//
// | pass             | sends                                   | ends early | decides                                    |
// |------------------|-----------------------------------------|------------|--------------------------------------------|
// | as_wanted        | the referenced packets and the wanted   | yes        | that nothing is wrong, or the next pass    |
// |                  | unreferenced ones, without the suspects |            |                                            |
// | whole_run        | all packets                             | yes        | HEVC: that nothing is wrong                |
// | references_only  | the referenced packets                  | yes        | which referenced pictures are damaged      |
// | one_unreferenced | the referenced packets and that one     | no         | whether that unreferenced one is damaged   |
// | ends_at_missing  | the referenced packets up to that one   | no         | a picture that did not come out            |
// | all_packets      | all packets                             | no         | pixels of all pictures that damage reached |
//
//   1. as_wanted comes first. Where nothing is wrong, it is the only pass.
//   2. A flaw in an unreferenced picture damages that picture alone, but the decoder may go wrong after it. The picture
//      becomes a suspect: as_wanted is repeated without it, and in the end it has a pass of its own.
//   3. A flaw in a referenced picture damages every picture that is decoded after it. But the flaw, or a picture that does
//      not come out, may be the work of an unreferenced picture whose own damage nobody reports (a flipped bit in its
//      frame_num or its picture order count). So references_only decides. Where it finds something else than as_wanted,
//      every wanted unreferenced picture has a pass of its own. Signs of a lost picture (plan/damage_signs.hpp) are read
//      from all packets, sent or not, so they are the same flaws in every pass.
//   4. Where a packet fails, some decoders lose a picture that they hold back from before it. A run that ends with that
//      picture never meets the packet. So a picture in front of the damage that did not come out has a pass that ends
//      with it. Where that pass finds a flaw in the picture, a run that ends with the picture finds the flaw at once, and
//      all_packets decides, which loses the picture: then it is lost here, too.
//   5. What libavcodec makes up for pictures that damage has reached depends on every packet before them. Their pixels
//      come from all_packets, which is the same whatever is wanted.
//   6. After referenced MPEG-4 pictures that end as faulty encoders end them (FF_BUG_NO_PADDING), what libavcodec calls an
//      error depends on a count over all pictures before. From there on all_packets also decides which pictures are
//      damaged.
//   7. HEVC decoders also take references whose NAL unit type says that nothing refers to them. So where a reference was
//      not sent and something is wrong, whole_run tells whether the packets that were left out were all that is wrong. If
//      not, the passes begin anew.
//
// Fewer kinds of pass are not enough. Without references_only and one_unreferenced, a flipped bit in the slice header of an
// H.264 B-picture changes the status of other frames of the same call.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "index/frame_index.hpp"
#include "plan/runs.hpp"

namespace kf::engine {

/// A picture that cannot be trusted, and FFmpeg's reason.
struct Flaw {
    std::int32_t ordinal = 0;
    std::string reason;
};

/// What was noticed at one packet, whether it was sent or not.
struct PacketOutcome {
    std::vector<Flaw> flaws;  ///< of the pictures of this packet, or of earlier ones that came out with it
    /// From this packet on, what libavcodec calls an error depends on all packets before it (step 6).
    std::optional<std::int32_t> error_tolerance_changed_at;
    /// HEVC: a picture refers to one that the decoder was not sent. A reference that was not sent is not a flaw.
    bool reference_not_sent = false;

    /// Whether nothing was noticed.
    [[nodiscard]] bool clean() const noexcept { return flaws.empty() && !error_tolerance_changed_at; }
};

class RunPasses {
public:
    RunPasses(const index::FrameIndex& index, const plan::Run& run) : index_(index), run_(run) {}

    /// Whether this pass sends the packets of a picture. leads: the picture leads the run's entry.
    [[nodiscard]] bool sends(std::int32_t ordinal, bool droppable, bool leads);
    void add(PacketOutcome outcome);
    /// At the end of a pass: a wanted picture of this packet has not come out.
    void add_missing(std::int32_t ordinal);
    /// Whether the rest of the pass would change nothing. last: the packet that was sent last.
    [[nodiscard]] bool is_decided_at(std::int32_t last) const noexcept;
    /// The last packet of this pass. After the first pass it lies behind the last wanted packet, so that a picture comes out
    /// because others follow it and not because the run ends.
    [[nodiscard]] std::int32_t last() const noexcept;
    /// Whether the pictures of this packet are final as they come out of this pass.
    [[nodiscard]] bool keeps_output_of(std::int32_t ordinal) const noexcept;
    /// At the end of a pass: true where the run has to be decoded once more.
    [[nodiscard]] bool begin_next_pass();

    /// Why a picture is damaged (the text may be empty); nullptr where it is not. After the last pass, or where the run
    /// ended before its time.
    [[nodiscard]] const std::string* damage(std::int32_t ordinal) const noexcept;
    /// Whether a picture counts as one that did not come out, although a pass gave it out. After the last pass.
    [[nodiscard]] bool loses(std::int32_t ordinal) const noexcept { return lost_.contains(ordinal); }

private:
    enum class Pass : std::uint8_t { as_wanted, whole_run, references_only, one_unreferenced, ends_at_missing, all_packets };

    struct Damage {
        std::map<std::int32_t, std::string> alone;  // unreferenced pictures with a flaw of their own
        std::optional<Flaw> spreads;                // the first flaw that every picture decoded after it may show
        [[nodiscard]] const std::string* of(std::int32_t ordinal) const noexcept;
    };
    /// What one pass found.
    struct Verdict {
        Damage damage;
        std::optional<std::int32_t> error_tolerance_changed_at;
        bool reference_not_sent = false;
        bool picture_missing = false;
        std::set<std::int32_t> missing;  // of the wanted pictures
        [[nodiscard]] bool sound() const noexcept { return damage.alone.empty() && !damage.spreads && missing.empty(); }
    };

    void add(Flaw flaw);
    [[nodiscard]] std::optional<Pass> next_pass();
    [[nodiscard]] std::optional<Pass> after_as_wanted();
    [[nodiscard]] std::optional<Pass> after_whole_run();
    [[nodiscard]] std::optional<Pass> after_references_only();
    [[nodiscard]] std::optional<Pass> after_own_pass();
    [[nodiscard]] std::optional<Pass> own_pass_or_all_packets();
    void plan_own_passes(bool for_suspects_only);
    void settle_references();
    [[nodiscard]] bool sends_all() const noexcept { return pass_ == Pass::all_packets || pass_ == Pass::whole_run; }
    [[nodiscard]] bool is_own_pass() const noexcept {
        return pass_ == Pass::one_unreferenced || pass_ == Pass::ends_at_missing;
    }
    [[nodiscard]] bool comes_from_all_packets(std::int32_t ordinal) const noexcept;
    [[nodiscard]] bool wants_more_than_suspects() const noexcept;

    const index::FrameIndex& index_;
    const plan::Run& run_;

    Pass pass_ = Pass::as_wanted;
    bool whole_run_due_ = true;             // it has not been tried
    std::int32_t own_pass_of_ = 0;          // the picture of a pass one_unreferenced or ends_at_missing
    std::vector<std::int32_t> own_passes_;  // the pictures whose own pass is still to come, descending
    std::set<std::int32_t> missing_;        // the pictures whose pass ends_at_missing is still to come
    std::set<std::int32_t> lost_;           // those whose pass ends_at_missing found a flaw in them
    std::set<std::int32_t> unreferenced_;   // those met so far; those that nobody wants only in all_packets

    Verdict found_;      // in this pass
    Verdict as_wanted_;  // in the last pass of that kind, for comparison with references_only

    Damage known_;  // in it `alone` holds suspects, until the own pass of each of them has decided
    std::optional<std::int32_t> all_packets_decide_from_;
};

}  // namespace kf::engine
