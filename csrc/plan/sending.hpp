// Which packets of a run are sent to the decoder: what the index and a packet's own bytes say about that. Pure; any thread;
// never decodes.
#pragma once

#include <cstdint>
#include <span>

#include "index/frame_index.hpp"

namespace kf::plan {

/// Whether no other picture refers to this packet's picture and the packet holds nothing else, so that it may be left out
/// where nobody wants its picture. A truncated packet is not droppable: what cut it may have taken other pictures with it.
[[nodiscard]] bool is_droppable(const index::FrameIndex& index, std::int32_t ordinal,
                                std::span<const std::uint8_t> bytes) noexcept;

/// The packet itself, or the packet that holds the first field of its picture.
[[nodiscard]] std::int32_t first_of_picture(const index::FrameIndex& index, std::int32_t ordinal) noexcept;

/// The packet itself, or the packet that holds the last field of its picture.
[[nodiscard]] std::int32_t last_of_picture(const index::FrameIndex& index, std::int32_t ordinal) noexcept;

/// Whether these can be the bytes that the index describes. False where the bytes contradict the index, which happens where
/// a saved index is older than the file. Only H.264 packets tell enough by themselves.
[[nodiscard]] bool is_as_indexed(const index::FrameIndex& index, std::int32_t ordinal,
                                 std::span<const std::uint8_t> bytes) noexcept;

/// Whether this packet's picture is decoded after the run's entry and shown before it. It may then refer to pictures that
/// the run does not decode. Nothing leads the first packet of the stream.
[[nodiscard]] bool leads_entry(const index::FrameIndex& index, std::int32_t entry, std::int32_t ordinal) noexcept;

}  // namespace kf::plan
