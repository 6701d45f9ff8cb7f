// A run that can be continued: a decoder with its position in the run. An ordinary run ends with the last wanted packet and
// drains its decoder, after which nothing can follow. A held run goes another way to the same frames:
//
//   1. It sends what an ordinary run sends, and besides the unreferenced packets of frames that are probably wanted next.
//   2. It is not drained. It goes on sending until every picture is out that was sent up to the last wanted one, and one
//      more packet was sent: libavcodec may report the flaws of a picture only when the picture comes out, or with the next
//      packet, and a flaw damages what is decoded after it. Pictures that come out early are kept for later calls.
//   3. At the end of the run, behind which no frame is decoded from this entry, it is drained.
//   4. Where anything at all is noticed (a flaw, a remark, a suspicion, a picture that does not come out, an error), it
//      gives up for good, and an ordinary run decides instead. What it gave out before is what an ordinary run would have
//      given out, because nothing was noticed of anything that it sends.
//
// One owner, one thread at a time. It shares the ownership of the index, so that it may outlive the call.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/kept_picture.hpp"
#include "engine/run_bytes.hpp"
#include "engine/run_decoder.hpp"
#include "engine/run_output.hpp"
#include "plan/runs.hpp"

namespace kf::engine {

class HeldRun {
public:
    HeldRun(std::shared_ptr<const index::FrameIndex> index, std::int32_t entry, std::shared_ptr<base::BufferPool> buffers);

    [[nodiscard]] const index::FrameIndex& index() const noexcept { return *index_; }
    [[nodiscard]] std::int32_t entry() const noexcept { return entry_; }
    /// The next packet.
    [[nodiscard]] std::int32_t position() const noexcept { return next_; }
    /// Whether every wanted picture lies ahead or is kept.
    [[nodiscard]] bool can_reach(const plan::Run& run) const noexcept;
    /// About the memory that it takes.
    [[nodiscard]] std::int64_t memory() const noexcept;

    /// The next call: what is wanted now, and the packets of the frames that are probably wanted next, ascending. repeats:
    /// the last frame may be wanted again. `run` must outlive the steps below.
    void want(const plan::Run& run, std::vector<std::int32_t> probable, bool repeats);
    /// Whether the bytes of the next packet have to be read.
    [[nodiscard]] bool needs_bytes() const noexcept { return !at_end() && !bytes_.holds(next_); }
    /// Reads bytes. False where the source is not the file that the run began with. Throws Failure.
    [[nodiscard]] bool read(const media::Source& source, DecodeStats& stats);

    enum class Step : std::uint8_t { complete, needs_bytes, interrupted, gave_up };
    /// Decodes until the output is complete. `interrupted` is asked between packets. Throws Failure. After any end but
    /// complete and needs_bytes the run is of no more use.
    [[nodiscard]] Step decode(const std::function<bool()>& interrupted, RunOutput& output, DecodeStats& stats);

private:
    [[nodiscard]] bool at_end() const noexcept { return next_ > end_; }
    [[nodiscard]] bool is_certain() const noexcept;
    [[nodiscard]] std::int64_t order_of(std::int32_t ordinal) const noexcept;
    void write_kept(RunOutput& output, DecodeStats& stats);
    void advance(RunOutput& output, DecodeStats& stats);
    void take(const media::DecodedPicture& picture, std::int32_t picture_in_packet, RunOutput& output, DecodeStats& stats);

    const std::shared_ptr<const index::FrameIndex> index_;
    const std::int32_t entry_;
    const std::int32_t end_;  // the last packet of the run
    const std::shared_ptr<base::BufferPool> buffers_;
    std::optional<media::SourceIdentity> identity_;
    RunBytes bytes_{*index_};
    RunDecoder decoder_{*index_, entry_};
    std::int32_t next_;
    std::int32_t sent_ = -1;  // the last packet that was sent
    bool drained_ = false;
    std::vector<std::int32_t> inside_;  // pictures that were sent and may still come out
    std::vector<KeptPicture> kept_;     // those that came out behind the last wanted one, and that one where it may repeat

    const plan::Run* wanted_ = nullptr;
    std::int64_t kept_from_ = 0;  // pictures of this order and later ones may be wanted again
    std::vector<std::int32_t> probable_;
};

}  // namespace kf::engine
