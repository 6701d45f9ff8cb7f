// The videos of engine_stress with every frame as one thread decodes it without the engine, and calls whose results are
// compared with these frames.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace kf::fuzz {

struct StressVideo {
    std::string path;
    std::shared_ptr<const base::Bytes> bytes;
    std::shared_ptr<const index::FrameIndex> index;
    std::vector<engine::FrameStatus> status;
    std::vector<std::vector<std::uint8_t>> frames;  ///< pixels as a StressCall asks for them
};

/// Leaves out files that cannot be read.
[[nodiscard]] std::vector<StressVideo> read_stress_videos(const std::vector<std::filesystem::path>& paths);

/// One decode call for windows of some of the videos, and its output.
class StressCall {
public:
    StressCall(const std::vector<StressVideo>& videos, std::mt19937& random, int rows);

    [[nodiscard]] engine::DecodeRequest request(std::optional<std::chrono::nanoseconds> timeout);
    /// The next request wants the frames that lie so far behind, as far as there are any.
    void move_on(std::int64_t frames);
    [[nodiscard]] const std::shared_ptr<engine::TaskLimit>& threads() const noexcept { return threads_; }
    /// Frames that were delivered are right, and all frames were delivered unless the call was stopped.
    void check(const engine::DecodeResult& result, engine::Ticket::Stop stopped);
    /// No thread writes to the output any more.
    void check_left_alone();

private:
    struct Row {
        const StressVideo* video;
        bool from_memory;
        std::vector<std::int64_t> frames;
    };
    std::vector<Row> rows_;
    std::vector<std::uint8_t> output_;
    std::shared_ptr<engine::TaskLimit> threads_;
};

}  // namespace kf::fuzz
