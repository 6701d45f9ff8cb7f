// Where the pictures of one run go: every frame of a row that wants one of them, which frames are written, and what is
// reported of each. One per run, used by one thread at a time; it never decodes and never reads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "engine/decode_request.hpp"
#include "engine/frame_writer.hpp"
#include "engine/run_passes.hpp"

namespace kf::engine {

/// A frame of a row that wants a picture of the run.
struct Destination {
    std::int32_t ordinal = 0;            ///< of the picture's packet
    std::int32_t picture_in_packet = 0;  ///< 0 for the first picture shown from that packet, 1 for the next
    std::int32_t row = 0;                ///< position in DecodeRequest::rows
    std::int32_t frame = 0;              ///< position in the row
};

class RunOutput {
public:
    RunOutput(const DecodeRequest& request, const index::FrameIndex& index, FrameWriter writer,
              std::vector<Destination> destinations);

    /// A new pass over the run begins. The frames that it keeps the output of are written anew.
    void begin_pass(const RunPasses& passes);
    /// From now on it is asked while a large picture is converted; where it is true, frames stay unwritten. It must outlive
    /// the calls of `write`.
    void set_interrupted(const convert::Interrupted& interrupted) noexcept { interrupted_ = &interrupted; }
    /// Writes a picture to every frame that wants it. picture_in_packet: as in Destination. Call set_interrupted before.
    /// Throws std::bad_alloc.
    void write(const base::PictureView& picture, std::int32_t ordinal, std::int32_t picture_in_packet, DecodeStats& stats);
    /// Whether a picture of every frame came out in this pass.
    [[nodiscard]] bool is_complete() const noexcept { return missing_ == 0; }
    /// Calls visit(ordinal) for every frame whose picture did not come out in this pass.
    void for_each_missing(const std::function<void(std::int32_t ordinal)>& visit) const;
    /// Adds the status of each frame, and its error. failure: what ended the run before its end.
    void report(const RunPasses& passes, const std::optional<base::Error>& failure, DecodeResult& result) const;

private:
    const DecodeRequest& request_;
    const index::FrameIndex& index_;
    FrameWriter writer_;
    const convert::Interrupted* interrupted_ = nullptr;
    std::vector<Destination> destinations_;  // sorted by picture
    std::vector<bool> written_;              // by destination
    std::vector<bool> came_out_;             // by destination: in this pass
    std::size_t missing_ = 0;                // those that did not come out
};

}  // namespace kf::engine
