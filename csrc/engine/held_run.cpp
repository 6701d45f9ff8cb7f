#include "engine/held_run.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "plan/sending.hpp"

namespace kf::engine {

using plan::first_of_picture;

namespace {

constexpr std::int32_t most_sent_ahead = 64;  // packets behind the last wanted one, until its picture must be out

}  // namespace

HeldRun::HeldRun(std::shared_ptr<const index::FrameIndex> index, std::int32_t entry,
                 std::shared_ptr<base::BufferPool> buffers)
    : index_(std::move(index)), entry_(entry), end_(plan::end_of_run(*index_, entry)), buffers_(std::move(buffers)),
      next_(entry) {}

std::int64_t HeldRun::order_of(std::int32_t ordinal) const noexcept {
    return index_->packets[static_cast<std::size_t>(ordinal)].order;
}

bool HeldRun::can_reach(const plan::Run& run) const noexcept {
    return run.last() <= end_ && std::all_of(run.wanted.begin(), run.wanted.end(), [this](std::int32_t packet) {
               const std::int32_t picture = first_of_picture(*index_, packet);
               return picture >= next_ || std::find(inside_.begin(), inside_.end(), picture) != inside_.end() ||
                      std::any_of(kept_.begin(), kept_.end(),
                                  [picture](const KeptPicture& kept) { return kept.ordinal() == picture; });
           });
}

/// Whether nothing more can be learned of the packets up to the last wanted one.
bool HeldRun::is_certain() const noexcept {
    return drained_ || (sent_ > wanted_->last() && std::all_of(inside_.begin(), inside_.end(), [this](std::int32_t picture) {
                            return picture > wanted_->last();
                        }));
}

std::int64_t HeldRun::memory() const noexcept {
    const auto packets = static_cast<std::int64_t>(index_->packets.size());
    constexpr std::int64_t index_bytes = sizeof(index::PacketEntry) + sizeof(index::FrameEntry);
    std::int64_t bytes = decoder_.memory() + bytes_.size() + packets * index_bytes;
    for (const KeptPicture& kept : kept_) bytes += kept.bytes();
    return bytes;
}

void HeldRun::want(const plan::Run& run, std::vector<std::int32_t> probable, bool repeats) {
    wanted_ = &run;
    kept_from_ = INT64_MIN;
    for (const std::int32_t packet : run.wanted) kept_from_ = std::max(kept_from_, order_of(packet) + !repeats);
    probable_ = std::move(probable);
}

bool HeldRun::read(const media::Source& source, DecodeStats& stats) {
    if (const media::SourceIdentity* identity = source.identity()) {
        if (identity_ && *identity_ != *identity) return false;
        identity_ = *identity;
    }
    if (needs_bytes()) bytes_.read(source, plan::plan_chunk_ahead(*index_, next_, wanted_->last(), end_), *buffers_, stats);
    return true;
}

HeldRun::Step HeldRun::decode(const std::function<bool()>& interrupted, RunOutput& output, DecodeStats& stats) {
    if (!decoder_.is_open()) decoder_.open();
    decoder_.resume();
    write_kept(output, stats);
    while (!(output.is_complete() && is_certain())) {
        if (drained_ || next_ - wanted_->last() > most_sent_ahead) return Step::gave_up;
        if (needs_bytes()) return Step::needs_bytes;
        if (interrupted()) return Step::interrupted;
        advance(output, stats);
        if (!decoder_.take_outcome().clean()) return Step::gave_up;
    }
    return Step::complete;
}

void HeldRun::write_kept(RunOutput& output, DecodeStats& stats) {
    for (const KeptPicture& kept : kept_) {
        if (wanted_->wants(kept.ordinal())) output.write(kept.view(), kept.ordinal(), kept.picture_in_packet(), stats);
    }
    std::erase_if(kept_, [this](const KeptPicture& kept) { return order_of(kept.ordinal()) < kept_from_; });
}

/// Sends the next packet or leaves it out; at the end of the run, drains the decoder.
void HeldRun::advance(RunOutput& output, DecodeStats& stats) {
    const RunDecoder::Visitor visit = [&](const media::DecodedPicture& picture, std::int32_t picture_in_packet) {
        take(picture, picture_in_packet, output, stats);
    };
    if (at_end()) {
        drained_ = true;
        return decoder_.drain(visit);
    }
    const std::int32_t ordinal = next_++;
    const auto bytes = bytes_.of(ordinal);
    if (!plan::is_as_indexed(*index_, ordinal, bytes)) return decoder_.add_flaw({ordinal, {}});
    const std::int32_t picture = first_of_picture(*index_, ordinal);
    if (index_->packets[static_cast<std::size_t>(ordinal)].truncated) return decoder_.add_flaw({picture, {}});
    const bool leads = plan::leads_entry(*index_, entry_, ordinal);
    const bool droppable = plan::is_droppable(*index_, ordinal, bytes);
    const auto is_probable = [&] { return std::binary_search(probable_.begin(), probable_.end(), picture); };
    const bool sent = !leads && (!droppable || wanted_->wants(picture) || is_probable());
    decoder_.follow(ordinal, bytes, sent || !droppable);
    if (!sent) {
        ++stats.packets_dropped;
        return;
    }
    ++stats.packets_sent;
    sent_ = ordinal;
    if (picture == ordinal) inside_.push_back(picture);
    decoder_.send(ordinal, bytes, visit);
}

void HeldRun::take(const media::DecodedPicture& picture, std::int32_t picture_in_packet, RunOutput& output,
                   DecodeStats& stats) {
    ++stats.frames_decoded;
    const auto ordinal = static_cast<std::int32_t>(picture.ordinal);
    if (ordinal < entry_ || ordinal >= next_) return decoder_.add_flaw({entry_, {}});
    // Pictures come out in presentation order; a packet that is passed over holds none.
    std::erase_if(inside_, [&](std::int32_t sent) { return order_of(sent) <= order_of(ordinal); });
    if (wanted_->wants(ordinal)) output.write(picture.view, ordinal, picture_in_packet, stats);
    if (order_of(ordinal) >= kept_from_) kept_.emplace_back(picture.view, ordinal, picture_in_packet, *buffers_);
}

}  // namespace kf::engine
