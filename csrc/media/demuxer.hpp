// Reads the packets of one video stream out of a container, in decode order, as the container stores them. Owns
// libavformat's input and its byte stream over a Source. One owner, one thread at a time; blocks on the source's reads. It
// never probes streams by decoding, and never opens another file or the network: a container that asks for either is
// refused. Packets come once, from first to last; only a container that is cut into pieces can be entered in the middle
// (`seek`).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/container_facts.hpp"
#include "media/source.hpp"
#include "media/stream_choice.hpp"
#include "media/stream_parameters.hpp"

namespace kf::media {

struct DemuxedPacket {
    std::span<const std::uint8_t> bytes;      ///< valid until the next packet; zeros after skip_listed_bytes
    std::span<const std::uint8_t> extradata;  ///< a new decoder configuration that comes with the packet; usually empty
    std::span<const std::uint8_t> palette;    ///< a new palette that comes with the packet; usually empty
    std::int64_t position = -1;               ///< where the container says the packet begins; -1 where it does not say
    std::int64_t pts = 0;
    std::int64_t dts = 0;
    std::int64_t duration = 0;
    bool has_pts = false;
    bool has_dts = false;
    bool key = false;        ///< the container calls it a key frame
    bool discard = false;    ///< an edit list hides its picture: it is decoded but not shown
    bool truncated = false;  ///< the source ends inside the packet
    bool encrypted = false;
};

class Demuxer {
public:
    /// stream: the position of the video stream that is read, or first_video_stream. The source must outlive the demuxer.
    /// Throws Failure (not_video, unsupported, corrupt; open where the source cannot be read).
    Demuxer(const Source& source, std::int32_t stream);
    ~Demuxer();
    Demuxer(const Demuxer&) = delete;
    Demuxer& operator=(const Demuxer&) = delete;

    /// The stream that is read.
    [[nodiscard]] StreamParameters chosen_stream() const;
    /// FFmpeg's name of the container, and all its streams.
    [[nodiscard]] std::string format() const;
    [[nodiscard]] std::vector<StreamFacts> streams() const;
    /// Whether the container's header lists the place of every packet, so that packets can be listed without reading them.
    [[nodiscard]] bool has_sample_table() const noexcept;
    /// Whether the container has timestamps. For a bare stream FFmpeg assumes 25 frames per second.
    [[nodiscard]] bool has_timestamps() const noexcept;
    /// Whether each packet lies in the source in one piece, at its position or a little after it.
    [[nodiscard]] bool packets_are_contiguous() const noexcept;
    /// Call before the first packet is taken. Packets then come from this position on, which must be the position of a
    /// packet. What comes first may be a part of a packet. False where the container cannot be entered in the middle.
    [[nodiscard]] bool seek(std::int64_t position);
    /// How many packets the header lists for the stream; 0 where it lists none.
    [[nodiscard]] std::int64_t listed_packets() const noexcept;
    /// From now on the bytes of listed packets are not read from the source; DemuxedPacket::bytes are zeros.
    void skip_listed_bytes();
    /// Nothing at the end of the stream, or where the container breaks off. Throws Failure where the source cannot be read.
    [[nodiscard]] std::optional<DemuxedPacket> next();
    /// Why the container broke off; empty where it ended as it should, or has not ended.
    [[nodiscard]] const std::string& read_error() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kf::media
