// The part of a run's pictures that its destinations read. Pure; any thread; it never reads a pixel.
#pragma once

#include <optional>
#include <span>

#include "engine/decode_request.hpp"
#include "engine/run_output.hpp"
#include "index/frame_index.hpp"
#include "media/region.hpp"

namespace kf::engine {

/// The smallest rectangle around the boxes. Nothing where a destination reads the whole picture, or where pictures are
/// cropped or turned before boxes apply to them.
[[nodiscard]] std::optional<media::Region> read_region(const DecodeRequest& request, const index::FrameIndex& index,
                                                       std::span<const Destination> destinations) noexcept;

}  // namespace kf::engine
