#include "engine/run_job.hpp"

#include <utility>

#include "base/allocations.hpp"
#include "engine/stopwatch.hpp"
#include "plan/sending.hpp"

namespace kf::engine {

using base::Error;
using base::ErrorCode;
using base::Failure;
using base::Stage;
using plan::ByteRange;
using plan::Chunk;
using plan::first_of_picture;

namespace {

/// The index was made from another file, or from this file before it changed.
Failure stale_index(const std::string& how) {
    return {ErrorCode::stale_index, Stage::open, "the file has changed since it was indexed: " + how + "; index it anew"};
}

}  // namespace

std::shared_ptr<const media::Source> SharedSource::get() {
    const std::scoped_lock lock(mutex_);
    if (!source_) {
        std::shared_ptr<const media::Source> source = media::open_source(video_.source);
        if (source->size() != video_.index->source_size) {
            throw stale_index("it has " + std::to_string(source->size()) + " bytes and had " +
                              std::to_string(video_.index->source_size));
        }
        source_ = std::move(source);
        for (const auto& [entry, last] : announced_) {
            const Chunk first = plan::plan_chunks(*video_.index, entry, last).front();
            for (const ByteRange& range : first.ranges) source_->advise(range.position, range.size);
        }
    }
    return source_;
}

RunJob::RunJob(const DecodeRequest& request, std::shared_ptr<SharedSource> source, FrameWriter writer, std::int32_t video,
               plan::Run run, std::vector<Destination> destinations, std::shared_ptr<CallShare> share)
    : index_(*request.videos[static_cast<std::size_t>(video)].index), source_(std::move(source)), run_(std::move(run)),
      share_(std::make_unique<RunShare>(std::move(share))), region_(read_region(request, index_, destinations)),
      output_(request, index_, std::move(writer), std::move(destinations)) {
    stats_.runs = 1;
    deliver_ = [this](const media::DecodedPicture& picture, std::int32_t picture_in_packet) {
        ++stats_.frames_decoded;
        const auto ordinal = static_cast<std::int32_t>(picture.ordinal);
        if (run_.wants(ordinal) && passes_.keeps_output_of(ordinal))
            output_.write(picture.view, ordinal, picture_in_packet, stats_);
    };
}

void RunJob::hold(std::unique_ptr<HeldRun> held) noexcept {
    held_ = std::move(held);
    if (held_) share_->work_alone();
}

void RunJob::announce() {
    if (!held_) source_->announce(run_.entry, run_.last());
}

std::int64_t RunJob::bytes_at_once() const noexcept {
    const index::PacketEntry& first = index_.packets[static_cast<std::size_t>(run_.entry)];
    const index::PacketEntry& last = index_.packets[static_cast<std::size_t>(run_.last())];
    const std::int64_t bytes = last.position + last.size - first.position;
    return bytes < 0 ? index_.source_size : bytes;
}

void RunJob::end() noexcept {
    done_ = true;
    held_.reset();
    decoder_.close();
    bytes_.clear();
}

void RunJob::fail(Error error) noexcept {
    failure_ = std::move(error);
    end();
    share_.reset();
}

/// Without memory a decoder may only seem to meet damage, and a demuxer the end of the file.
void RunJob::fail_where_memory_ran_out(std::int64_t failed_before, Stage stage) noexcept {
    if (base::failed_allocations() == failed_before) return;
    if (helped() && stage == Stage::decode) return begin_again_without_help();  // which takes less memory
    fail(base::out_of_memory(stage));
}

std::optional<Error> RunJob::shortage() const {
    if (!failure_ || failure_->code != ErrorCode::resources) return {};
    Error error = *failure_;
    error.path = source_->name();
    return error;
}

void RunJob::read(base::BufferPool& buffers) noexcept {
    const Stopwatch watch(stats_.seconds_reading);
    const std::int64_t failed_before = base::failed_allocations();
    try {
        read_chunk(buffers);
    } catch (...) {
        fail(base::current_error(Stage::read, "it cannot be read"));
    }
    fail_where_memory_ran_out(failed_before, Stage::read);
}

void RunJob::read_chunk(base::BufferPool& buffers) {
    const auto source = source_->get();
    if (held_ && read_held(*source)) return;
    if (chunks_.empty()) chunks_ = plan::plan_chunks(index_, run_.entry, run_.last());
    bytes_.read(*source, chunks_[next_chunk_], buffers, stats_);
    if (next_chunk_ + 1 == chunks_.size()) return;
    for (const ByteRange& range : chunks_[next_chunk_ + 1].ranges) source->advise(range.position, range.size);
}

bool RunJob::read_held(const media::Source& source) noexcept {
    try {
        if (held_->read(source, stats_)) return true;
    } catch (...) {  // what an ordinary run would not read may be missing
    }
    drop_held();
    return false;
}

/// An ordinary run begins anew.
void RunJob::drop_held() {
    held_.reset();
    held_gave_up_ = true;
    output_.begin_pass(passes_);
}

void RunJob::decode(const std::function<bool()>& interrupted) noexcept {
    if (failure_) return;
    const Stopwatch watch(stats_.seconds_decoding);
    const std::int64_t failed_before = base::failed_allocations();
    try {
        decode_chunk(interrupted);
    } catch (...) {
        fail(base::current_error(Stage::decode, "it cannot be decoded"));
    }
    fail_where_memory_ran_out(failed_before, Stage::decode);
    if (done()) share_.reset();
}

void RunJob::open_decoder() {
    int threads = share_->open_decoder(threads_worth(index_, run_));
    if (threads > 1 && !plan::SeveralThreads(index_).suit()) threads = 1;
    decoder_.open(threads, region_);
    if (decoder_.threads() == 1) share_->work_alone();
}

bool RunJob::misses_pictures() const {
    bool misses = false;
    output_.for_each_missing([&](std::int32_t) { misses = true; });
    return misses;
}

/// Nothing of what the helped decoder gave out counts: passes_ was told nothing, and every frame is written anew.
void RunJob::begin_again_without_help() noexcept {
    end();
    done_ = false;
    share_->work_alone();
    region_.reset();
    next_chunk_ = 0;
    output_.begin_pass(passes_);
}

void RunJob::decode_chunk(const std::function<bool()>& interrupted) {
    output_.set_interrupted(interrupted);
    if (held_) return decode_held(interrupted);
    if (!decoder_.is_open()) open_decoder();
    const Chunk& chunk = chunks_[next_chunk_];
    for (std::int32_t ordinal = chunk.first; ordinal <= chunk.last; ++ordinal) {
        if (interrupted()) return end();
        const auto bytes = bytes_.of(ordinal);
        if (!plan::is_as_indexed(index_, ordinal, bytes))
            throw stale_index("packet " + std::to_string(ordinal) + " is not where it was");
        const std::int32_t picture = first_of_picture(index_, ordinal);
        const bool leads = plan::leads_entry(index_, run_.entry, ordinal);
        if (index_.packets[static_cast<std::size_t>(ordinal)].truncated)
            decoder_.add_flaw({picture, "bytes of it, or of a picture before it, are missing"});
        const bool droppable = plan::is_droppable(index_, ordinal, bytes);
        const bool sent = passes_.sends(picture, droppable, leads);
        decoder_.follow(ordinal, bytes, sent || !droppable);
        if (sent) decoder_.send(ordinal, bytes, deliver_);
        ++(sent ? stats_.packets_sent : stats_.packets_dropped);
        if (helped_decoder_is_in_trouble()) return begin_again_without_help();
        passes_.add(decoder_.take_outcome());
        if (sent && passes_.is_decided_at(ordinal)) return end_pass();
    }
    bytes_.clear();
    if (++next_chunk_ == chunks_.size()) end_pass();
}

void RunJob::decode_held(const std::function<bool()>& interrupted) {
    auto step = HeldRun::Step::gave_up;
    try {
        step = held_->decode(interrupted, output_, stats_);
    } catch (...) {  // an ordinary run tells whether the call fails
    }
    switch (step) {
        case HeldRun::Step::needs_bytes: break;
        case HeldRun::Step::complete: done_ = true; break;
        case HeldRun::Step::interrupted: end(); break;
        case HeldRun::Step::gave_up: drop_held(); break;
    }
}

void RunJob::end_pass() {
    decoder_.drain(deliver_);
    if (helped_decoder_is_in_trouble() || (helped() && misses_pictures())) return begin_again_without_help();
    passes_.add(decoder_.take_outcome());
    end();
    output_.for_each_missing([this](std::int32_t ordinal) { passes_.add_missing(ordinal); });
    if (!passes_.begin_next_pass()) return;
    done_ = false;
    region_.reset();
    next_chunk_ = 0;
    chunks_ = plan::plan_chunks(index_, run_.entry, passes_.last());
    output_.begin_pass(passes_);
}

void RunJob::report(DecodeResult& result) const {
    DecodeStats stats = stats_;
    stats.seconds_decoding -= stats.seconds_converting;  // pictures are converted while the watch of decoding runs
    result.stats += stats;
    output_.report(passes_, failure_, result);
}

}  // namespace kf::engine
