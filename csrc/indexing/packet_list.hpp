// The first half of an index: which packets there are, where they lie, and which of them decoding may begin with. Owns
// nothing once the list is made. Any thread; blocks on the source's reads; decodes nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "index/frame_index.hpp"
#include "indexing/failure.hpp"
#include "indexing/index_options.hpp"

namespace kf::media {
class Demuxer;
class Source;
}  // namespace kf::media

namespace kf::indexing {

/// What the container and the packet's own bytes say of a packet, beside its PacketEntry. Needed until frames are listed.
struct PacketNotes {
    std::int64_t pts = 0;    ///< 0 unless has_pts
    std::int64_t dts = 0;    ///< 0 unless has_dts
    std::int64_t poc = 0;    ///< the picture order count, ascending over the whole stream; 0 unless has_poc
    std::int32_t shown = 1;  ///< pictures that a sequential decoder shows of the packet, or unknown_pictures
    bool has_pts : 1 = false;
    bool has_dts : 1 = false;
    bool has_poc : 1 = false;
    bool key : 1 = false;              ///< the container's flag
    bool hidden : 1 = false;           ///< by an edit list, or because no decoder can take any of the packet
    bool delayed : 1 = false;          ///< its picture is shown when the next delayed one comes
    bool headers : 1 = false;          ///< it brings headers that later packets are decoded by
    bool starts_sequence : 1 = false;  ///< no later packet refers to a packet before this one
};
static_assert(sizeof(PacketNotes) == 32, "a stream may have four million packets");

struct PacketList {
    std::vector<PacketNotes> notes;   ///< one per packet of the index
    bool must_read_payloads = false;  ///< the header's order cannot be trusted: list again with read_packets
    bool pictures_lost = false;       ///< pictures that others may refer to are not in the stream, as its numbers tell
    std::int64_t last_duration = 0;   ///< of the packet that is shown last; 0 where the container does not say
    index::Rational rate;             ///< frames per second as the stream's own headers say; a container need not say it
};

/// Fills index.packets with all but their final order, and index.parameter_sets. Throws Failure.
[[nodiscard]] PacketList list_packets(index::FrameIndex& index, media::Demuxer& demuxer, const media::Source& source,
                                      const IndexOptions& options, const Stop& stop);

}  // namespace kf::indexing
