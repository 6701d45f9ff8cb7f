// What must hold of any bytes that are taken for a video. The checks end the process where something does not.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "draw.hpp"
#include "media/index_builder.hpp"
#include "media/source.hpp"

namespace kf::fuzz {

/// Small, so that an input takes milliseconds; what lies beyond is refused as the real limits refuse.
constexpr IndexOptions limits{.max_pixels = 320 * 240, .max_packets = 400};

/// The engine's index, having checked that it is the one built without it, that the same error comes where it cannot be
/// built, and that it survives packing. Null where there is none.
[[nodiscard]] std::shared_ptr<const FrameIndex> check_index(const SourceSpec& source);

/// Frames fare the same, to the bit, alone, in a window, in a long read, through the engine and without it.
void check_planes(const SourceSpec& source, const std::shared_ptr<const FrameIndex>& index, Draw& draw);

/// The same of pixels: any size, layout, type, box and kernels; and nothing but the rows that were asked for is written.
void check_pixels(const SourceSpec& source, const std::shared_ptr<const FrameIndex>& index, Draw& draw);

}  // namespace kf::fuzz
