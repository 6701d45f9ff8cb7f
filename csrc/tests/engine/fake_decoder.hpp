// A decoder whose outcome is a function of the packets that it was sent, as libavcodec's is, and the index of such packets.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/run_passes.hpp"

namespace kf::tests {

/// What the fake decoder makes of one packet.
struct FakePacket {
    bool unreferenced = false;
    bool flawed = false;             ///< its picture is damaged, and the decoder reports that
    bool misleads = false;           ///< nothing is reported of it, but the decoder reports the next packet as flawed
    bool swallows_next = false;      ///< nothing is reported of it, but the next packet's picture does not come out
    bool loses_held = false;         ///< the decoder then loses the last referenced picture if that has not come out yet
    bool flawed_late = false;        ///< its picture is damaged, which the decoder reports when the picture comes out
    bool truncated = false;          ///< the index says that bytes are missing
    bool lost_before = false;        ///< its numbers tell that a reference in front of it is lost, also where it is not sent
    std::int32_t needs = -1;         ///< HEVC: this unreferenced packet, without which its picture does not come out
    bool changes_tolerance = false;  ///< MPEG-4: flaws are judged by all packets from here on
};

constexpr FakePacket referenced{};
constexpr FakePacket unreferenced{.unreferenced = true};

using Stream = std::vector<FakePacket>;

inline index::FrameIndex index_of(const Stream& stream) {
    index::FrameIndex index;
    index.codec = "fake";
    for (std::size_t i = 0; i < stream.size(); ++i) {
        index::PacketEntry packet;
        packet.order = static_cast<std::int64_t>(i);
        packet.entry = i == 0;
        packet.truncated = stream[i].truncated;
        index.packets.push_back(packet);
        index.frames.push_back({static_cast<std::int64_t>(i), static_cast<std::int32_t>(i), 0});
    }
    return index;
}

class FakeDecoder {
public:
    explicit FakeDecoder(const Stream& stream) : stream_(stream) {}

    void decode(std::int32_t ordinal, engine::PacketOutcome& outcome) {
        const FakePacket& packet = stream_[static_cast<std::size_t>(ordinal)];
        const FakePacket before = sent.empty() ? FakePacket{} : stream_[static_cast<std::size_t>(sent.back())];
        sent.push_back(ordinal);
        const bool lacks = packet.needs >= 0 && std::find(sent.begin(), sent.end(), packet.needs) == sent.end();
        outcome.reference_not_sent = lacks;
        const bool flawed = (packet.flawed || before.misleads) && !tolerant_;
        if (flawed) outcome.flaws.push_back({ordinal, "flaw " + std::to_string(ordinal)});
        if (flawed && packet.loses_held && held_) {
            pictures.erase(*held_);
            held_.reset();
        }
        if (!packet.unreferenced) {
            give_out_held(outcome);
            held_ = ordinal;
        }
        if (packet.changes_tolerance) {
            outcome.error_tolerance_changed_at = ordinal;
            tolerant_ = true;
        }
        spoilt_ = spoilt_ || ((flawed || packet.flawed_late || packet.lost_before) && !packet.unreferenced);
        if (!before.swallows_next && !lacks)
            pictures[ordinal] = flawed && packet.unreferenced ? "flawed " + pixels() : pixels();
    }

    /// At the end.
    void give_out_held(engine::PacketOutcome& outcome) const {
        if (held_ && stream_[static_cast<std::size_t>(*held_)].flawed_late && !tolerant_)
            outcome.flaws.push_back({*held_, "late flaw"});
    }

    std::vector<std::int32_t> sent;
    std::map<std::int32_t, std::string> pictures;  ///< those that came out, by ordinal

private:
    /// A sound picture has pixels of its own; what a picture that damage has reached shows depends on all packets before it.
    [[nodiscard]] std::string pixels() const {
        if (!spoilt_) return std::to_string(sent.back());
        std::string all;
        for (const std::int32_t one : sent) all += std::to_string(one) + " ";
        return all;
    }

    const Stream& stream_;
    bool tolerant_ = false;
    bool spoilt_ = false;
    std::optional<std::int32_t> held_;  // the last referenced picture, which comes out with the next one or at the end
};

}  // namespace kf::tests
