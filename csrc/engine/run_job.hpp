// One run on its way: its bytes, its decoder, and the loop that sends packets and takes pictures. A chunk is read, then
// decoded, then the next one, in as many passes as damage asks for (run_passes.hpp). Reading and decoding never overlap, so
// one thread at a time uses a job: `read` an I/O thread, `decode` a worker. Neither throws. A job that is stuck in `read`
// touches only its own memory. A job may try a held run first (held_run.hpp), and decodes its run anew where that gives up.
// Idle CPUs help inside the decoder (idle_cpus.hpp) as long as nothing is wrong; at the first sign of trouble the job begins
// again with a decoder of one thread, so that what it finds is what one thread finds. What no destination reads of a picture
// may be left out (read_region.hpp) in the first pass alone, because pictures that libavcodec makes up refer to all of it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/buffer_pool.hpp"
#include "base/error.hpp"
#include "engine/decode_request.hpp"
#include "engine/held_run.hpp"
#include "engine/idle_cpus.hpp"
#include "engine/read_region.hpp"
#include "engine/run_bytes.hpp"
#include "engine/run_decoder.hpp"
#include "engine/run_output.hpp"
#include "engine/run_passes.hpp"
#include "media/source.hpp"
#include "plan/chunks.hpp"
#include "plan/runs.hpp"

namespace kf::engine {

/// Opens a video's source once, for all of its runs, and tells the system then which bytes all of them need: the system
/// fetches the bytes of one run while another is read. Any thread.
class SharedSource {
public:
    explicit SharedSource(const VideoRequest& video) : video_(video) {}
    /// Before the first call of `get`: a run from this entry is going to be read. Throws std::bad_alloc.
    void announce(std::int32_t entry, std::int32_t last) { announced_.emplace_back(entry, last); }
    /// Throws Failure.
    [[nodiscard]] std::shared_ptr<const media::Source> get();
    [[nodiscard]] std::string name() const { return video_.source.name(); }

private:
    const VideoRequest& video_;
    std::vector<std::pair<std::int32_t, std::int32_t>> announced_;  // first and last packets of runs
    std::mutex mutex_;
    std::shared_ptr<const media::Source> source_;
};

class RunJob {
public:
    RunJob(const DecodeRequest& request, std::shared_ptr<SharedSource> source, FrameWriter writer, std::int32_t video,
           plan::Run run, std::vector<Destination> destinations, std::shared_ptr<CallShare> share);

    [[nodiscard]] const plan::Run& run() const noexcept { return run_; }
    /// A held run that wants what this job wants; nullptr for none. Before the first step.
    void hold(std::unique_ptr<HeldRun> held) noexcept;
    /// When the job is done: the held run, if there was one and it did not give up.
    [[nodiscard]] std::unique_ptr<HeldRun> take_held() noexcept { return std::move(held_); }
    [[nodiscard]] bool held_gave_up() const noexcept { return held_gave_up_; }

    /// When it is known whether there is a held run, and before anything is read. Throws std::bad_alloc.
    void announce();
    /// About the bytes of the run, which are in memory at once unless the run is long.
    [[nodiscard]] std::int64_t bytes_at_once() const noexcept;
    /// The number of packets: the longest run is decoded first.
    [[nodiscard]] std::int64_t cost() const noexcept { return run_.packets(); }
    /// The error where the job failed because the machine has too few resources.
    [[nodiscard]] std::optional<base::Error> shortage() const;
    [[nodiscard]] bool done() const noexcept { return done_; }

    /// Reads the bytes of the next chunk.
    void read(base::BufferPool& buffers) noexcept;
    /// Decodes the chunk that was read. `interrupted` is asked between packets; where it is true, the job is done.
    void decode(const std::function<bool()>& interrupted) noexcept;
    /// Adds the job's statistics and the status of its frames. Call it once, when the job is done.
    void report(DecodeResult& result) const;

private:
    void open_decoder();
    [[nodiscard]] bool helped() const noexcept { return share_ && share_->helped(); }
    [[nodiscard]] bool helped_decoder_is_in_trouble() const noexcept { return helped() && decoder_.in_trouble(); }
    [[nodiscard]] bool misses_pictures() const;
    void begin_again_without_help() noexcept;
    void read_chunk(base::BufferPool& buffers);
    void decode_chunk(const std::function<bool()>& interrupted);
    /// False where the held run cannot go on.
    [[nodiscard]] bool read_held(const media::Source& source) noexcept;
    void drop_held();
    void decode_held(const std::function<bool()>& interrupted);
    void end() noexcept;
    void fail(base::Error error) noexcept;
    void fail_where_memory_ran_out(std::int64_t failed_before, base::Stage stage) noexcept;
    void end_pass();

    const index::FrameIndex& index_;
    std::shared_ptr<SharedSource> source_;
    plan::Run run_;
    std::vector<plan::Chunk> chunks_;  // planned where an ordinary run needs them
    std::size_t next_chunk_ = 0;
    bool done_ = false;

    std::unique_ptr<RunShare> share_;  // until the job is done
    RunBytes bytes_{index_};
    RunPasses passes_{index_, run_};
    RunDecoder decoder_{index_, run_.entry};
    std::optional<media::Region> region_;  // in the first pass
    RunDecoder::Visitor deliver_;
    RunOutput output_;
    std::unique_ptr<HeldRun> held_;
    bool held_gave_up_ = false;
    std::optional<base::Error> failure_;
    DecodeStats stats_;
};

}  // namespace kf::engine
