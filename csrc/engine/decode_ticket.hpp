// One decode request on its way: frames of many videos, decoded into one array. It plans the runs and makes a job of each. A
// job is read on an I/O thread and decoded on a worker, chunk by chunk, the longest runs first. Jobs are read ahead of the
// workers, a few in any case and more within a limit of bytes, so that slow reads overlap. Any thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/buffer_pool.hpp"
#include "engine/decode_request.hpp"
#include "engine/held_runs.hpp"
#include "engine/idle_cpus.hpp"
#include "engine/run_job.hpp"
#include "engine/ticket.hpp"

namespace kf::engine {

class DecodeTicket final : public Ticket, public std::enable_shared_from_this<DecodeTicket> {
public:
    /// threads: how many runs are decoded at once, and helped at that. Throws Failure (range) where a frame number is not in
    /// the index.
    DecodeTicket(DecodeRequest request, const std::shared_ptr<TaskLimit>& threads, std::shared_ptr<ThreadPool> io,
                 std::shared_ptr<ThreadPool> workers, std::shared_ptr<ForkGate> gate,
                 std::shared_ptr<base::BufferPool> buffers, std::shared_ptr<IdleCpus> idle_cpus,
                 const std::shared_ptr<HeldRuns>& held_runs);
    ~DecodeTicket() override;
    DecodeTicket(const DecodeTicket&) = delete;
    DecodeTicket& operator=(const DecodeTicket&) = delete;
    void start();

    /// Whether this process is a fork of the process that submitted the ticket. Nobody works on the ticket here.
    [[nodiscard]] bool inherited() const noexcept { return gate_->inherited(); }

    /// The status and the time of each frame. Frames that failed or were not reached are set to zeros here, and nowhere
    /// else. Call it once, when the ticket is over. Throws Failure (resources) where the machine had too few for it.
    [[nodiscard]] DecodeResult result();

private:
    /// The frames that rows want, by video. Throws Failure (range).
    [[nodiscard]] std::vector<std::vector<std::int64_t>> wanted_frames() const;
    void make_jobs(std::size_t video, const std::vector<std::int64_t>& wanted);
    /// Where the request may go on from an earlier one: lets its jobs use held runs.
    void use_held_runs(HeldRuns& held_runs);
    /// With the lock held: whether the job may be read before another one is complete.
    [[nodiscard]] bool may_begin(const RunJob& job) const noexcept;
    void read_ahead();
    void read(const std::shared_ptr<RunJob>& job) noexcept;
    void decode(const std::shared_ptr<RunJob>& job) noexcept;
    void submit_read(const std::shared_ptr<RunJob>& job);
    void on_stop() noexcept override { share_->leave(); }
    /// Does what follows a step of a job. Where the machine has too few resources, the ticket gives up instead.
    template <class Next>
    void go_on(const RunJob& job, Next next) noexcept;
    /// True where it was the last job.
    [[nodiscard]] bool complete(RunJob& job);
    [[nodiscard]] std::vector<double> timestamps() const;
    [[nodiscard]] base::Error stop_error(const RowRequest& row, std::size_t frame) const;

    const DecodeRequest request_;
    const int threads_;
    const std::shared_ptr<ThreadPool> workers_;
    const std::shared_ptr<ForkGate> gate_;
    const std::shared_ptr<base::BufferPool> buffers_;
    const std::shared_ptr<TaskGroup> decoding_;
    const std::shared_ptr<CallShare> share_;

    std::vector<std::shared_ptr<RunJob>> jobs_;  // the longest first; those that were begun have moved out
    std::size_t next_job_ = 0;
    int under_way_ = 0;
    std::int64_t bytes_under_way_ = 0;
    std::unique_ptr<HeldRuns::Lease> lease_;
    std::size_t completed_ = 0;
    DecodeResult result_;
};

}  // namespace kf::engine
