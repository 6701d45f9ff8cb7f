// What must hold of any bytes that are taken for a video. The checks end the process where something does not.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "draw.hpp"
#include "engine/source_ticket.hpp"
#include "indexing/index_builder.hpp"
#include "media/source.hpp"

namespace kf::fuzz {

/// Small, so that an input takes a millisecond or a few; what lies beyond is refused as the real limits refuse.
constexpr indexing::IndexOptions limits{.max_pixels = 128 * 96, .max_packets = 64};

/// As the engine has it: an index or an error.
[[nodiscard]] engine::IndexResult build_directly(const media::SourceSpec& spec, const indexing::IndexOptions& options);

/// It is of a video within the limits, or says what is wrong.
void check_index(const engine::IndexResult& result);

/// The engine's index, or error, is the one made without it under the same limits.
void check_engine_index(const media::SourceSpec& source, const engine::IndexResult& direct);

/// Frames fare the same, to the bit, in a long read as in a window, alone or through the engine: in one of these, drawn.
void check_planes(const media::SourceSpec& source, const std::shared_ptr<const index::FrameIndex>& index, Draw& draw);

/// Pixels are the same through the engine and without it: any size, layout, type, box and kernels; and nothing but the rows
/// that were asked for is written.
void check_pixels(const media::SourceSpec& source, const std::shared_ptr<const index::FrameIndex>& index, Draw& draw);

}  // namespace kf::fuzz
