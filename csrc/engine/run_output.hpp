// What a run writes: every place of the output that wants one of its pictures, which of them have it, and what becomes of
// the others in the end. One for each run, used by one thread at a time; it never decodes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "engine/decode_request.hpp"
#include "engine/frame_writer.hpp"
#include "engine/run_passes.hpp"
#include "media/decoder.hpp"

namespace kf::engine {

/// A place in the output that wants a run's picture.
struct Destination {
    std::int32_t ordinal = 0;
    std::int32_t picture_in_packet = 0;  ///< of the pictures of this packet
    std::int32_t row = 0;
    std::int32_t frame = 0;   ///< position in the row
    std::int64_t number = 0;  ///< the frame's number in the video, for messages
};

class RunOutput {
public:
    RunOutput(const DecodeRequest& request, const index::FrameIndex& index, FrameWriter writer,
              std::vector<Destination> destinations);

    /// A new pass over the run: what it takes is written anew.
    void begin_pass(const RunPasses& passes);
    /// The next picture of its packet. Throws std::bad_alloc.
    void write(const media::DecodedPicture& picture, DecodeStats& stats);
    /// Calls visit(ordinal) for every place whose picture this pass has not had.
    void for_each_missing(const std::function<void(std::int32_t ordinal)>& visit) const;
    /// Says how each frame fared. failure: what ended the run before its time.
    void report(const RunPasses& passes, const std::optional<base::Error>& failure, DecodeResult& result) const;

private:
    const DecodeRequest& request_;
    const index::FrameIndex& index_;
    FrameWriter writer_;
    std::vector<Destination> destinations_;          // by ordinal and part
    std::vector<bool> written_;                      // by destination
    std::map<std::int32_t, std::int32_t> received_;  // ordinal of a packet -> its pictures in this pass
};

}  // namespace kf::engine
