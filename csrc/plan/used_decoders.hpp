// Which runs may be decoded by a decoder that has decoded another run before, and which packets leave nothing behind in it.
// What a decoder keeps when it is flushed has to be what a new decoder would have. That was examined for H.264 from an IDR
// picture on, with lengths in front of NAL units and without parameter sets in packets:
//
//   - the parameter sets of the extradata are kept, and no others were there;
//   - an IDR picture resets references, picture order counts and what is known of recovery points;
//   - the build of x264 and the reorder delay are the business of media::Decoder.
//
// Pure; any thread; never decodes.
#pragma once

#include <cstdint>
#include <span>

#include "index/frame_index.hpp"

namespace kf::plan {

/// Whether a run that begins with this packet may be decoded by a used decoder. parameter_sets: those in front of it.
[[nodiscard]] bool suits_used_decoder(const index::FrameIndex& index, std::span<const std::uint8_t> parameter_sets,
                                      std::span<const std::uint8_t> bytes) noexcept;

/// Whether a packet of such a run holds slices and messages alone, and nothing that a decoder keeps when it is flushed.
[[nodiscard]] bool leaves_no_trace(const index::FrameIndex& index, std::span<const std::uint8_t> parameter_sets,
                                   std::span<const std::uint8_t> bytes) noexcept;

}  // namespace kf::plan
