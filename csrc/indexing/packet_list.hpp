// The first half of an index: which packets there are, where they lie, and which of them decoding may begin with. Any
// thread; blocks on the source's reads; decodes nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "index/frame_index.hpp"
#include "media/demuxer.hpp"
#include "media/source.hpp"

namespace kf::indexing {

struct IndexOptions {
    std::int64_t max_pixels = std::int64_t{1} << 27;   ///< of one frame
    std::int64_t max_packets = std::int64_t{1} << 22;  ///< of one stream: a day and a half
    bool read_packets = false;  ///< read every packet's bytes, so that the index says of each whether it is droppable
};

struct PacketList {
    std::vector<bool> key;                         ///< the container's flag
    std::vector<std::optional<std::int64_t>> pts;  ///< where the container has one
    std::vector<std::optional<std::int64_t>> dts;
    std::vector<std::optional<std::int64_t>> poc;  ///< compares pictures as their headers order them, where they do
    std::vector<bool> hidden;                      ///< by an edit list, or because no decoder can take any of it
    std::vector<int> shown;                        ///< pictures that a sequential decoder shows of it, or unknown_pictures
    std::vector<bool> delayed;                     ///< its picture is shown when the next such one comes
    std::vector<bool> headers;                     ///< it brings what later packets are decoded by
    std::vector<bool> starts_sequence;             ///< no later packet refers to what is before it
    bool must_read_payloads = false;  ///< the order in the header cannot be trusted: list again with read_packets
    std::int64_t last_duration = 0;
    index::Rational rate;  ///< frames a second as the stream's own headers say, which a container need not

    void reserve(std::size_t packets);
};

/// Fills index.packets, their entries, and index.parameter_sets. Throws Failure; `stop` ends it with a Failure (cancelled).
[[nodiscard]] PacketList list_packets(index::FrameIndex& index, media::Demuxer& demuxer, const media::Source& source,
                                      const IndexOptions& options, const std::function<bool()>& stop);

/// A direct packet's bytes, or their beginning. Throws Failure.
[[nodiscard]] std::vector<std::uint8_t> read_packet(const media::Source& source, const index::PacketEntry& packet,
                                                    std::size_t at_most = SIZE_MAX);

}  // namespace kf::indexing
