#include "engine/decode_ticket.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "plan/runs.hpp"
#include "plan/stepping.hpp"

namespace kf::engine {

using base::Error;
using base::ErrorCode;
using base::Failure;
using base::Stage;

namespace {

// Runs that are read before a worker is free: so many in any case, and so many more, per thread, as long as their bytes are
// few. Where a read takes 20 ms, a thread needs the bytes of six runs of prepared clips in that time.
constexpr int reads_ahead = 4;
constexpr int most_reads_ahead = 16;
constexpr std::int64_t bytes_ahead = std::int64_t{4} << 20;

}  // namespace

DecodeTicket::DecodeTicket(DecodeRequest request, const std::shared_ptr<TaskLimit>& threads, std::shared_ptr<ThreadPool> io,
                           std::shared_ptr<ThreadPool> workers, std::shared_ptr<ForkGate> gate,
                           std::shared_ptr<base::BufferPool> buffers, std::shared_ptr<IdleCpus> idle_cpus,
                           const std::shared_ptr<HeldRuns>& held_runs)
    : Ticket(request.timeout, std::move(io), (threads->max_parallel + 1) * most_reads_ahead), request_(std::move(request)),
      threads_(threads->max_parallel), workers_(std::move(workers)), gate_(std::move(gate)), buffers_(std::move(buffers)),
      decoding_(workers_->make_group(threads)), share_(std::make_shared<CallShare>(std::move(idle_cpus), threads)) {
    result_.status.assign(request_.rows.size() * static_cast<std::size_t>(request_.output.frames), FrameStatus::not_run);
    if (request_.output.planes) result_.planes.resize(result_.status.size());
    const auto wanted = wanted_frames();
    for (std::size_t video = 0; video < wanted.size(); ++video) make_jobs(video, wanted[video]);
    if (request_.may_continue) use_held_runs(*held_runs);
    for (const auto& job : jobs_) job->announce();
    std::stable_sort(jobs_.begin(), jobs_.end(), [](const auto& a, const auto& b) { return a->cost() > b->cost(); });
}

DecodeTicket::~DecodeTicket() {
    if (inherited()) (void)lease_.release();  // the cache's lock may be held by a thread that does not exist here
}

std::vector<std::vector<std::int64_t>> DecodeTicket::wanted_frames() const {
    std::vector<std::vector<std::int64_t>> wanted(request_.videos.size());
    for (const RowRequest& row : request_.rows) {
        const VideoRequest& video = request_.videos[static_cast<std::size_t>(row.video)];
        const std::int64_t count = video.index->frame_count();
        for (const std::int64_t number : row.frames) {
            if (number < 0 || number >= count) {
                throw Failure(Error{ErrorCode::range,
                                    Stage::plan,
                                    video.source.name(),
                                    number,
                                    "the video has frames 0 to " + std::to_string(count - 1),
                                    {}});
            }
            wanted[static_cast<std::size_t>(row.video)].push_back(number);
        }
    }
    return wanted;
}

void DecodeTicket::make_jobs(std::size_t video, const std::vector<std::int64_t>& wanted) {
    const index::FrameIndex& index = *request_.videos[video].index;
    std::vector<plan::Run> runs = plan::plan_runs(index, wanted);
    std::vector<std::pair<std::int32_t, std::size_t>> run_of;  // by ordinal
    run_of.reserve(wanted.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        for (const std::int32_t ordinal : runs[i].wanted) run_of.emplace_back(ordinal, i);
    }
    std::sort(run_of.begin(), run_of.end());
    std::vector<std::vector<Destination>> destinations(runs.size());
    for (std::size_t r = 0; r < request_.rows.size(); ++r) {
        const RowRequest& row = request_.rows[r];
        if (static_cast<std::size_t>(row.video) != video) continue;
        for (std::size_t t = 0; t < row.frames.size(); ++t) {
            const index::FrameEntry& frame = index.frames[static_cast<std::size_t>(row.frames[t])];
            const auto run = std::lower_bound(run_of.begin(), run_of.end(), std::pair{frame.packet, std::size_t{0}});
            destinations[run->second].push_back(
                {frame.packet, frame.picture_in_packet, static_cast<std::int32_t>(r), static_cast<std::int32_t>(t)});
        }
    }
    const auto source = std::make_shared<SharedSource>(request_.videos[video]);
    const auto plans = std::make_shared<convert::ResamplePlans>();
    for (std::size_t i = 0; i < runs.size(); ++i) {
        FrameWriter writer(request_.output, result_.planes, *buffers_, plans);
        jobs_.push_back(std::make_shared<RunJob>(request_, source, std::move(writer), static_cast<std::int32_t>(video),
                                                 std::move(runs[i]), std::move(destinations[i]), share_));
    }
}

void DecodeTicket::use_held_runs(HeldRuns& held_runs) {
    if (request_.rows.size() != 1 || jobs_.empty() || !plan::is_rising(request_.rows.front().frames)) return;
    std::vector<const plan::Run*> runs;
    runs.reserve(jobs_.size());
    for (const auto& job : jobs_) runs.push_back(&job->run());
    lease_ = held_runs.begin(request_.videos[static_cast<std::size_t>(request_.rows.front().video)],
                             request_.rows.front().frames, runs);
    for (const auto& job : jobs_) job->hold(lease_->run_for(job->run()));
}

void DecodeTicket::start() {
    if (jobs_.empty()) finish();
    try {
        read_ahead();
    } catch (...) {  // tasks that write may be under way, so that the caller has to wait for the ticket as ever
        give_up(base::current_error(Stage::plan, "decoding cannot begin"));
    }
}

bool DecodeTicket::may_begin(const RunJob& job) const noexcept {
    if (under_way_ < threads_ + reads_ahead) return true;
    return under_way_ < (threads_ + 1) * most_reads_ahead &&
           bytes_under_way_ + job.bytes_at_once() <= (threads_ + 1) * bytes_ahead;
}

void DecodeTicket::read_ahead() {
    std::vector<std::shared_ptr<RunJob>> begin;
    {
        const std::scoped_lock lock(mutex_);
        while (next_job_ < jobs_.size() && may_begin(*jobs_[next_job_])) {
            begin.push_back(std::move(jobs_[next_job_++]));
            ++under_way_;
            bytes_under_way_ += begin.back()->bytes_at_once();
        }
    }
    for (const auto& job : begin) submit_read(job);
}

void DecodeTicket::submit_read(const std::shared_ptr<RunJob>& job) {
    io_->submit(reading_, job->cost(), [self = shared_from_this(), job] { self->read(job); });
}

template <class Next>
void DecodeTicket::go_on(const RunJob& job, Next next) noexcept {
    try {
        if (auto shortage = job.shortage()) throw Failure(std::move(*shortage));
        next();
    } catch (...) {
        give_up(base::current_error(Stage::decode, "decoding cannot go on"));
    }
}

void DecodeTicket::read(const std::shared_ptr<RunJob>& job) noexcept {
    if (why_stopped() != Stop::none) return;
    job->read(*buffers_);
    go_on(*job, [&] {
        workers_->submit_for_visitor(decoding_, job->cost(), [self = shared_from_this(), job] { self->decode(job); });
    });
}

void DecodeTicket::decode(const std::shared_ptr<RunJob>& job) noexcept {
    if (!begin_writing()) return;
    job->decode([this] {
        gate_->checkpoint();
        return stopped();
    });
    bool all_done = false;
    if (why_stopped() == Stop::none) {
        go_on(*job, [&] {
            if (job->done()) {
                all_done = complete(*job);
            } else {
                submit_read(job);
            }
        });
    }
    end_writing();
    if (all_done) finish();
}

bool DecodeTicket::complete(RunJob& job) {
    bool last = false;
    {
        const std::scoped_lock lock(mutex_);
        job.report(result_);
        if (job.held_gave_up()) lease_->note_that_it_gave_up(job.run().entry);
        if (auto held = job.take_held()) lease_->give_back(std::move(held));
        --under_way_;
        bytes_under_way_ -= job.bytes_at_once();
        last = ++completed_ == jobs_.size();
    }
    if (last) {
        lease_.reset();  // before the caller can make its next call
    } else {
        read_ahead();
    }
    return last;
}

Error DecodeTicket::stop_error(const RowRequest& row, std::size_t frame) const {
    const bool timed_out = why_stopped() == Stop::timed_out;
    return {timed_out ? ErrorCode::timeout : ErrorCode::cancelled,
            Stage::decode,
            request_.videos[static_cast<std::size_t>(row.video)].source.name(),
            row.frames[frame],
            timed_out ? "the time limit ran out before the frame was decoded" : "decoding was cancelled",
            {}};
}

std::vector<double> DecodeTicket::timestamps() const {
    std::vector<double> seconds;
    seconds.reserve(result_.status.size());
    for (const RowRequest& row : request_.rows) {
        const index::FrameIndex& index = *request_.videos[static_cast<std::size_t>(row.video)].index;
        for (const std::int64_t number : row.frames)
            seconds.push_back(index.seconds(index.frames[static_cast<std::size_t>(number)].pts));
    }
    return seconds;
}

DecodeResult DecodeTicket::result() {
    const std::scoped_lock lock(mutex_);
    throw_if_gave_up();
    result_.timestamps = timestamps();
    std::optional<FrameWriter> writer;
    auto status = result_.status.begin();
    for (std::size_t r = 0; r < request_.rows.size(); ++r) {
        const RowRequest& row = request_.rows[r];
        for (std::size_t t = 0; t < row.frames.size(); ++t, ++status) {
            if (*status == FrameStatus::ok || *status == FrameStatus::damaged) continue;
            if (!writer) writer.emplace(request_.output, result_.planes, *buffers_);
            writer->zero(row, static_cast<std::int64_t>(t));
            if (*status != FrameStatus::not_run) continue;
            result_.add_error(static_cast<std::int32_t>(r), {static_cast<std::int32_t>(t), stop_error(row, t)});
        }
    }
    return std::move(result_);
}

}  // namespace kf::engine
