// One run on its way: read a chunk, decode it, the next chunk, done. Reading and decoding alternate and never overlap, so a
// job is used by one thread at a time: `read` by an I/O thread (it touches only the job's own memory), `decode` by a worker.
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
#include "engine/run_output.hpp"
#include "engine/run_passes.hpp"
#include "media/decoder.hpp"
#include "media/source.hpp"
#include "plan/chunks.hpp"
#include "plan/damage_signs.hpp"
#include "plan/runs.hpp"

namespace kf::engine {

/// Opens a video's source once for all of its runs. Any thread.
class SharedSource {
public:
    explicit SharedSource(const VideoRequest& video) : video_(video) {}
    /// Throws Failure.
    [[nodiscard]] std::shared_ptr<const media::Source> get();

private:
    const VideoRequest& video_;
    std::mutex mutex_;
    std::shared_ptr<const media::Source> source_;
};

class RunJob {
public:
    RunJob(const DecodeRequest& request, std::shared_ptr<SharedSource> source, FrameWriter writer, std::int32_t video,
           plan::Run run, std::vector<Destination> destinations);

    /// Packets, for the order: the longest run first.
    [[nodiscard]] std::int64_t cost() const noexcept { return run_.packets(); }
    [[nodiscard]] bool done() const noexcept { return failure_.has_value() || next_chunk_ == chunks_.size(); }

    /// Fetches the next chunk's bytes.
    void read(base::BufferPool& buffers) noexcept;
    /// Decodes what was read. `interrupted` is asked between packets; true ends it at once.
    void decode(const std::function<bool()>& interrupted) noexcept;
    /// Adds what the job came to. Call it once, when the job is done.
    void report(DecodeResult& result) const;

private:
    void read_chunk(base::BufferPool& buffers);
    void decode_chunk(const std::function<bool()>& interrupted);
    void send(std::int32_t ordinal, std::span<const std::uint8_t> bytes);
    void receive();
    void take_remarks();
    void add_flaw(std::int32_t picture);
    void deliver(const media::DecodedPicture& picture);
    void fail(base::Error error) noexcept;
    [[nodiscard]] std::span<const std::uint8_t> bytes_of(const plan::Chunk& chunk, std::int32_t ordinal) const noexcept;
    void end_pass();

    const index::FrameIndex& index_;
    std::shared_ptr<SharedSource> source_;
    plan::Run run_;
    std::vector<plan::Chunk> chunks_;
    std::size_t next_chunk_ = 0;

    std::shared_ptr<base::Buffer> buffer_;            // the chunk's direct packets
    std::vector<std::vector<std::uint8_t>> demuxed_;  // the others, by ordinal - chunk.first

    RunPasses passes_{index_, run_};
    std::unique_ptr<media::Decoder> decoder_;
    plan::DamageSigns signs_{index_};  // of the packets that this decoder was sent
    RunOutput output_;
    std::int32_t last_sent_ = 0;  // the first packet of the picture that was sent last
    PacketOutcome outcome_;       // of the packet that is decoded now
    std::optional<base::Error> failure_;
    DecodeStats stats_;
};

}  // namespace kf::engine
