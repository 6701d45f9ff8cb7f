#include "engine/run_job.hpp"

#include <algorithm>
#include <utility>

#include "base/allocations.hpp"
#include "engine/stopwatch.hpp"
#include "index/active_parameter_sets.hpp"
#include "indexing/packet_fetch.hpp"
#include "plan/sending.hpp"

namespace kf::engine {

using base::Error;
using base::ErrorCode;
using base::Failure;
using base::Stage;
using media::Received;
using plan::ByteRange;
using plan::Chunk;
using plan::first_of_picture;

namespace {

constexpr int max_errors_per_packet = 16;

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
    }
    return source_;
}

RunJob::RunJob(const DecodeRequest& request, std::shared_ptr<SharedSource> source, FrameWriter writer, std::int32_t video,
               plan::Run run, std::vector<Destination> destinations)
    : index_(*request.videos[static_cast<std::size_t>(video)].index), source_(std::move(source)), run_(std::move(run)),
      chunks_(plan::plan_chunks(index_, run_.entry, run_.last())),
      output_(request, index_, std::move(writer), std::move(destinations)) {
    stats_.runs = 1;
}

void RunJob::fail(Error error) noexcept {
    failure_ = std::move(error);
    decoder_.reset();
    buffer_.reset();
    demuxed_.clear();
}

/// Without memory a decoder may only seem to meet damage, and a demuxer the end of the file.
void RunJob::fail_where_memory_ran_out(std::int64_t failed_before, Stage stage) noexcept {
    if (base::failed_allocations() != failed_before) fail(base::out_of_memory(stage));
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
    const Chunk& chunk = chunks_[next_chunk_];
    for (const ByteRange& range : chunk.ranges) source->advise(range.position, range.size);
    buffer_ = buffers.acquire(static_cast<std::size_t>(chunk.bytes));
    for (const ByteRange& range : chunk.ranges) {
        const auto part =
            buffer_->bytes().subspan(static_cast<std::size_t>(range.place), static_cast<std::size_t>(range.size));
        const std::size_t got = source->read_at(range.position, part);
        stats_.bytes_read += static_cast<std::int64_t>(got);
        if (got < part.size()) throw Failure(ErrorCode::corrupt, Stage::read, "the file was cut short while it was read");
    }
    if (next_chunk_ + 1 < chunks_.size()) {
        for (const ByteRange& range : chunks_[next_chunk_ + 1].ranges) source->advise(range.position, range.size);
    }
    demuxed_.clear();
    std::vector<std::int32_t> ordinals;
    for (std::int32_t ordinal = chunk.first; ordinal <= chunk.last; ++ordinal) {
        if (!index_.packets[static_cast<std::size_t>(ordinal)].direct) ordinals.push_back(ordinal);
    }
    if (ordinals.empty()) return;
    auto packets = indexing::read_with_demuxer(*source, index_, ordinals);
    demuxed_.resize(static_cast<std::size_t>(chunk.last - chunk.first) + 1);
    for (std::size_t i = 0; i < ordinals.size(); ++i)
        demuxed_[static_cast<std::size_t>(ordinals[i] - chunk.first)] = std::move(packets[i]);
}

std::span<const std::uint8_t> RunJob::bytes_of(const Chunk& chunk, std::int32_t ordinal) const noexcept {
    const index::PacketEntry& packet = index_.packets[static_cast<std::size_t>(ordinal)];
    if (!packet.direct) return demuxed_[static_cast<std::size_t>(ordinal - chunk.first)];
    const std::int64_t place = chunk.place_of(packet);
    return buffer_->bytes().subspan(static_cast<std::size_t>(place), static_cast<std::size_t>(packet.size));
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
}

void RunJob::decode_chunk(const std::function<bool()>& interrupted) {
    output_.set_interrupted(interrupted);
    if (!decoder_) {
        decoder_ = std::make_unique<media::Decoder>(index_);
        signs_.begin();
    }
    const Chunk& chunk = chunks_[next_chunk_];
    for (std::int32_t ordinal = chunk.first; ordinal <= chunk.last; ++ordinal) {
        if (interrupted()) {
            next_chunk_ = chunks_.size();
            decoder_.reset();
            return;
        }
        const auto bytes = bytes_of(chunk, ordinal);
        if (!plan::is_as_indexed(index_, ordinal, bytes))
            throw stale_index("packet " + std::to_string(ordinal) + " is not where it was");
        const std::int32_t picture = first_of_picture(index_, ordinal);
        const bool leads = plan::leads_entry(index_, run_, ordinal);
        if (index_.packets[static_cast<std::size_t>(ordinal)].truncated)
            outcome_.flaws.push_back({picture, "bytes of it, or of a picture before it, are missing"});
        if (passes_.sends(picture, plan::is_droppable(index_, ordinal, bytes), leads)) {
            send(ordinal, bytes);
        } else {
            ++stats_.packets_dropped;
            if (leads) signs_.leave_out_leading();
        }
        passes_.add(std::exchange(outcome_, {}));
        if (passes_.pass_is_decided()) return end_pass();
    }
    buffer_.reset();
    demuxed_.clear();
    if (++next_chunk_ == chunks_.size()) end_pass();
}

void RunJob::end_pass() {
    if (decoder_->drain()) receive();
    take_remarks();
    passes_.add(std::exchange(outcome_, {}));
    decoder_.reset();
    buffer_.reset();
    demuxed_.clear();
    output_.for_each_missing([this](std::int32_t ordinal) { passes_.add_missing(ordinal); });
    next_chunk_ = chunks_.size();
    if (!passes_.begin_next_pass()) return;
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

void RunJob::send(std::int32_t ordinal, std::span<const std::uint8_t> bytes) {
    ++stats_.packets_sent;
    last_sent_ = first_of_picture(index_, ordinal);
    const auto parameter_sets = index::parameter_sets_before(index_, run_.entry, ordinal);
    const plan::DamageSigns::Signs signs = signs_.read(parameter_sets, bytes);
    if (signs.hole) outcome_.flaws.push_back({last_sent_, "zeros that no NAL unit may hold"});
    outcome_.suspect_hidden_damage = signs.lost_reference;
    if (!decoder_->send(ordinal, bytes, parameter_sets)) add_flaw(last_sent_);
    receive();
    take_remarks();
}

/// Of the decoder, which said why in its log.
void RunJob::add_flaw(std::int32_t picture) {
    outcome_.flaws.push_back({picture, decoder_->last_log_line()});
}

void RunJob::take_remarks() {
    const media::DecoderRemarks remarks = decoder_->take_remarks();
    if (remarks.missing_reference || (remarks.frame_number_gap && signs_.gap_is_damage()))
        outcome_.flaws.push_back({last_sent_, "a picture that others refer to is missing"});
    if (remarks.lenient) outcome_.error_tolerance_changed_at = last_sent_;
}

void RunJob::receive() {
    media::DecodedPicture picture;
    for (int errors = 0; errors < max_errors_per_packet;) {
        switch (decoder_->receive(picture)) {
            case Received::nothing: return;
            case Received::picture: deliver(picture); break;
            case Received::error:
                add_flaw(last_sent_);
                ++errors;
                break;
        }
    }
}

void RunJob::deliver(const media::DecodedPicture& picture) {
    ++stats_.frames_decoded;
    const auto ordinal = static_cast<std::int32_t>(picture.ordinal);
    if (picture.flawed) add_flaw(first_of_picture(index_, ordinal));
    if (run_.wants(ordinal) && passes_.keeps_output_of(ordinal)) output_.write(picture, stats_);
}

}  // namespace kf::engine
