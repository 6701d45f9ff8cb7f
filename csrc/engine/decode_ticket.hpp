// Many windows of many videos decoded into one array. Runs are read on the I/O threads a little ahead of the workers that
// decode them, the longest first; each run's pictures go to every place that wants them. Any thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/buffer_pool.hpp"
#include "engine/decode_request.hpp"
#include "engine/run_job.hpp"
#include "engine/ticket.hpp"

namespace kf::engine {

class DecodeTicket final : public Ticket, public std::enable_shared_from_this<DecodeTicket> {
public:
    /// threads: how many runs are decoded at once. Throws Failure (range) where a frame number is not in its index.
    DecodeTicket(DecodeRequest request, const std::shared_ptr<TaskLimit>& threads, std::shared_ptr<ThreadPool> io,
                 std::shared_ptr<ThreadPool> workers, std::shared_ptr<ForkGate> gate,
                 std::shared_ptr<base::BufferPool> buffers);
    void start();

    /// This process is a fork of the one that submitted it: nobody works on it here.
    [[nodiscard]] bool inherited() const noexcept { return gate_->inherited(); }

    /// Seconds, rows x frames.
    [[nodiscard]] std::vector<double> timestamps() const;
    /// Zeroes what failed or was not reached and says how each frame fared. Call it once, when the ticket is over.
    [[nodiscard]] DecodeResult result();

private:
    void make_jobs();
    void read_ahead();
    void read(const std::shared_ptr<RunJob>& job) noexcept;
    void decode(const std::shared_ptr<RunJob>& job) noexcept;
    void submit_read(const std::shared_ptr<RunJob>& job);
    /// True where it was the last one.
    [[nodiscard]] bool complete(const RunJob& job);
    [[nodiscard]] base::Error stop_error(std::int32_t row, std::int64_t number) const;

    const DecodeRequest request_;
    const int max_under_way_;
    const std::shared_ptr<ThreadPool> workers_;
    const std::shared_ptr<ForkGate> gate_;
    const std::shared_ptr<base::BufferPool> buffers_;
    const std::shared_ptr<TaskGroup> decoding_;

    std::vector<std::shared_ptr<RunJob>> jobs_;  // the costliest first
    std::size_t next_job_ = 0;
    int under_way_ = 0;
    std::size_t completed_ = 0;
    DecodeResult result_;
};

}  // namespace kf::engine
