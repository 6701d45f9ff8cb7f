// Checks of any bytes that are read as a video. A check that fails ends the process.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "draw.hpp"
#include "engine/source_ticket.hpp"
#include "indexing/index_builder.hpp"
#include "media/source.hpp"

namespace kf::fuzz {

/// Small limits keep an input to a few milliseconds. Videos beyond them are refused, as with the real limits.
constexpr indexing::IndexOptions limits{.max_pixels = 128 * 96, .max_packets = 64};

/// build_index without the engine: an index or an error.
[[nodiscard]] engine::IndexResult build_directly(const media::SourceSpec& spec, const indexing::IndexOptions& options);

/// The index is that of a video within the limits, or the error has a message.
void check_index(const engine::IndexResult& result);

/// The engine's result equals `direct`, which build_directly made with the same limits.
void check_engine_index(const media::SourceSpec& source, const engine::IndexResult& direct);

/// The status and planes of a frame are the same in a long read, in a window, alone and through the engine.
void check_planes(const media::SourceSpec& source, const std::shared_ptr<const index::FrameIndex>& index, Draw& draw);

/// Pixels of a drawn size, layout, dtype, box and kernel table are the same with and without the engine, and no other row is
/// written.
void check_pixels(const media::SourceSpec& source, const std::shared_ptr<const index::FrameIndex>& index, Draw& draw);

}  // namespace kf::fuzz
