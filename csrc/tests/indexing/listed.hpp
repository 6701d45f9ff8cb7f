// Packet lists made by hand: a FrameIndex without frames and the notes of its packets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "index/frame_index.hpp"
#include "indexing/packet_list.hpp"

namespace kf::tests {

inline indexing::PacketNotes notes_at(std::int64_t pts) {
    indexing::PacketNotes notes;
    notes.pts = pts;
    notes.has_pts = true;
    return notes;
}

/// A packet that brings a picture's order in its headers as well.
inline indexing::PacketNotes notes_at(std::int64_t pts, std::int64_t poc) {
    indexing::PacketNotes notes = notes_at(pts);
    notes.poc = poc;
    notes.has_poc = true;
    return notes;
}

inline indexing::PacketNotes notes_without_pts() {
    return {};
}

struct Listed {
    index::FrameIndex index;
    indexing::PacketList list;

    /// The first packet is an entry and starts a sequence.
    Listed(std::string codec, std::initializer_list<indexing::PacketNotes> packets) {
        index.codec = std::move(codec);
        index.time_base = {1, 100};
        for (const indexing::PacketNotes& notes : packets) {
            index::PacketEntry entry;
            entry.order = notes.pts;
            index.packets.push_back(entry);
            list.notes.push_back(notes);
        }
        index.packets.front().entry = true;
        list.notes.front().starts_sequence = true;
    }

    [[nodiscard]] std::vector<std::int32_t> frame_packets() const {
        std::vector<std::int32_t> ordinals;
        ordinals.reserve(index.frames.size());
        for (const index::FrameEntry& frame : index.frames) ordinals.push_back(frame.packet);
        return ordinals;
    }
    [[nodiscard]] std::vector<std::int64_t> frame_times() const {
        std::vector<std::int64_t> times;
        times.reserve(index.frames.size());
        for (const index::FrameEntry& frame : index.frames) times.push_back(frame.pts);
        return times;
    }
};

}  // namespace kf::tests
