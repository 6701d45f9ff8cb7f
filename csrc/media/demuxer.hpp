// A container opened over a Source: one video stream's packets, in decode order, as the container stores them. No stream
// probing, no other file, no network: what the bytes ask for beyond themselves is refused. One owner, one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/container_facts.hpp"
#include "media/source.hpp"
#include "media/stream_parameters.hpp"

namespace kf::media {

struct DemuxedPacket {
    std::span<const std::uint8_t> bytes;      ///< valid until the next packet; unspecified while samples are skipped over
    std::span<const std::uint8_t> extradata;  ///< a new decoder configuration that comes with it; usually empty
    std::span<const std::uint8_t> palette;    ///< a new one that comes with it; usually empty
    std::int64_t position = -1;               ///< where the container says it begins; -1 where it does not say
    std::int64_t pts = 0;
    std::int64_t dts = 0;
    std::int64_t duration = 0;
    bool has_pts = false;
    bool has_dts = false;
    bool key = false;        ///< the container's opinion
    bool discard = false;    ///< decoded but not shown (edit lists)
    bool truncated = false;  ///< the source ended inside it
};

class Demuxer {
public:
    /// Throws Failure (unsupported, corrupt). The source must outlive the demuxer.
    explicit Demuxer(const Source& source);
    ~Demuxer();
    Demuxer(const Demuxer&) = delete;
    Demuxer& operator=(const Demuxer&) = delete;

    /// The stream that is read.
    [[nodiscard]] StreamParameters chosen_stream() const;
    /// FFmpeg's name of the container, and what is in it.
    [[nodiscard]] std::string format() const;
    [[nodiscard]] std::vector<StreamFacts> streams() const;
    /// Whether the header lists every packet's place, so that their bytes need not be read to list them.
    [[nodiscard]] bool has_sample_table() const noexcept;
    /// Whether the container knows times; of a bare stream FFmpeg assumes 25 frames a second.
    [[nodiscard]] bool has_timestamps() const noexcept;
    /// Whether packets lie in the source in one piece each, near their position.
    [[nodiscard]] bool packets_are_contiguous() const noexcept;
    /// Before the first packet is taken: goes on with those from a position on that a packet has; what comes first may be a
    /// part of one. False where the container cannot.
    [[nodiscard]] bool seek(std::int64_t position);
    /// Packets the header lists for the stream (0 where it does not list them).
    [[nodiscard]] std::int64_t listed_packets() const noexcept;
    /// From now on the bytes of listed packets are not fetched; their DemuxedPacket::bytes hold zeros.
    void skip_listed_bytes();
    /// Nothing at the end of the stream, or where the container breaks off (the reason is then in `read_error`).
    [[nodiscard]] std::optional<DemuxedPacket> next();
    [[nodiscard]] const std::string& read_error() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kf::media
