// One run on its way: its bytes, its decoder, and the loop that sends packets and takes pictures. A chunk is read, then
// decoded, then the next one, in as many passes as damage asks for (run_passes.hpp). Reading and decoding never overlap, so
// one thread at a time uses a job: `read` an I/O thread, `decode` a worker. Neither throws. A job that is stuck in `read`
// touches only its own memory. Idle CPUs help inside the decoder (idle_cpus.hpp) as long as nothing is wrong; at the first
// sign of trouble the job begins again with a decoder of one thread, so that what it finds is what one thread finds.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/buffer_pool.hpp"
#include "base/error.hpp"
#include "engine/decode_request.hpp"
#include "engine/idle_cpus.hpp"
#include "engine/run_output.hpp"
#include "engine/run_passes.hpp"
#include "media/decoder.hpp"
#include "media/source.hpp"
#include "plan/chunks.hpp"
#include "plan/damage_signs.hpp"
#include "plan/runs.hpp"
#include "plan/several_threads.hpp"

namespace kf::engine {

/// Opens a video's source once, for all of its runs. Any thread.
class SharedSource {
public:
    explicit SharedSource(const VideoRequest& video) : video_(video) {}
    /// Throws Failure.
    [[nodiscard]] std::shared_ptr<const media::Source> get();
    [[nodiscard]] std::string name() const { return video_.source.name(); }

private:
    const VideoRequest& video_;
    std::mutex mutex_;
    std::shared_ptr<const media::Source> source_;
};

class RunJob {
public:
    RunJob(const DecodeRequest& request, std::shared_ptr<SharedSource> source, FrameWriter writer, std::int32_t video,
           plan::Run run, std::vector<Destination> destinations, std::shared_ptr<CallShare> share);

    /// The number of packets: the longest run is decoded first.
    [[nodiscard]] std::int64_t cost() const noexcept { return run_.packets(); }
    /// The error where the job failed because the machine has too few resources.
    [[nodiscard]] std::optional<base::Error> shortage() const;
    [[nodiscard]] bool done() const noexcept { return failure_.has_value() || next_chunk_ == chunks_.size(); }

    /// Reads the bytes of the next chunk.
    void read(base::BufferPool& buffers) noexcept;
    /// Decodes the chunk that was read. `interrupted` is asked between packets; where it is true, the job is done.
    void decode(const std::function<bool()>& interrupted) noexcept;
    /// Adds the job's statistics and the status of its frames. Call it once, when the job is done.
    void report(DecodeResult& result) const;

private:
    void open_decoder();
    [[nodiscard]] bool helped() const noexcept { return share_ && share_->helped(); }
    [[nodiscard]] bool helped_decoder_is_in_trouble() const noexcept;
    [[nodiscard]] bool misses_pictures() const;
    void begin_again_without_help() noexcept;
    void read_chunk(base::BufferPool& buffers);
    void decode_chunk(const std::function<bool()>& interrupted);
    void send(std::int32_t ordinal, std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> parameter_sets);
    void receive();
    void take_remarks();
    void add_flaw(std::int32_t picture);
    void deliver(const media::DecodedPicture& picture);
    void fail(base::Error error) noexcept;
    void fail_where_memory_ran_out(std::int64_t failed_before, base::Stage stage) noexcept;
    [[nodiscard]] std::span<const std::uint8_t> bytes_of(const plan::Chunk& chunk, std::int32_t ordinal) const noexcept;
    void end_pass();

    const index::FrameIndex& index_;
    std::shared_ptr<SharedSource> source_;
    plan::Run run_;
    std::vector<plan::Chunk> chunks_;
    std::size_t next_chunk_ = 0;

    std::shared_ptr<base::Buffer> buffer_;            // of the chunk's direct packets
    std::vector<std::vector<std::uint8_t>> demuxed_;  // of its other packets, by ordinal - chunk.first

    std::optional<RunShare> share_;                        // until the job is done
    std::optional<plan::SeveralThreads> several_threads_;  // of a helped decoder
    RunPasses passes_{index_, run_};
    std::unique_ptr<media::Decoder> decoder_;
    plan::DamageSigns signs_{index_};  // of the packets of this pass
    RunOutput output_;
    std::int32_t last_sent_ = 0;  // the first packet of the picture that was sent last
    PacketOutcome outcome_;       // of the packet that is decoded now
    std::optional<base::Error> failure_;
    DecodeStats stats_;
};

}  // namespace kf::engine
