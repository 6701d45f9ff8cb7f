// The frame index: integers that make every access to one video stream exact. Built once by indexing, immutable afterwards,
// shared between threads by shared_ptr<const>. It holds no handle and can be packed into bytes and carried anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kf::index {

// More than these no stream is read with, and no saved index: what has more was made to take long.
inline constexpr int most_packets_a_picture = 256;  ///< a picture and what `completes_previous` it
inline constexpr std::size_t most_frames = std::size_t{1} << 24;
inline constexpr std::int64_t latest_time = INT64_MAX / 4;  ///< ticks on either side of 0: their sums are numbers too
inline constexpr std::size_t most_parameter_sets = 65536;
inline constexpr std::size_t most_parameter_set_bytes = std::size_t{16} << 20;

inline constexpr std::size_t palette_bytes = 1024;  ///< 256 colours of 4 bytes

struct Rational {
    std::int64_t num = 0;
    std::int64_t den = 1;
    [[nodiscard]] double value() const noexcept { return den ? static_cast<double>(num) / static_cast<double>(den) : 0.0; }
    friend bool operator==(const Rational&, const Rational&) = default;
};

/// Whether a packet may be left out when nobody wants its picture; unknown until its bytes have been seen.
enum class Droppable : std::uint8_t { unknown, no, yes };

/// One packet, in decode order. Its number here is its ordinal.
struct PacketEntry {
    std::int64_t position = 0;  ///< of its first byte in the source, where `direct`
    std::int64_t order = 0;  ///< compares packets by presentation: the pts, or a rank where the container has no usable ones
    std::int32_t size = 0;
    Droppable droppable = Droppable::unknown;
    bool direct = false;              ///< reading [position, position + size) is enough; otherwise the demuxer reads
    bool entry = false;               ///< decoding may begin here; checked in the bytes
    bool truncated = false;           ///< bytes are missing: of it, or of pictures between it and the packet before
    bool completes_previous = false;  ///< it goes on with the picture of the packet before it: a second field
    friend bool operator==(const PacketEntry&, const PacketEntry&) = default;
};

/// One shown picture, in presentation order. Its number here is the frame number.
struct FrameEntry {
    std::int64_t pts = 0;                ///< in the stream's time base, after edit lists
    std::int32_t packet = 0;             ///< ordinal of the packet that holds it, or the first field of it
    std::int32_t picture_in_packet = 0;  ///< of the pictures that name this packet, counted in presentation order
    friend bool operator==(const FrameEntry&, const FrameEntry&) = default;
};

/// What a container says of its stream and a decoder is told: FFmpeg's numbers, 0 or -1 where nothing is said.
struct StreamHints {
    std::uint32_t codec_tag = 0;
    std::int32_t width = 0;
    std::int32_t height = 0;
    std::int32_t bits_per_sample = 0;
    std::int32_t color_range = 0;
    std::int32_t color_space = 2;
    std::int32_t chroma_location = 0;
    friend bool operator==(const StreamHints&, const StreamHints&) = default;
};

/// A parameter set that came with a packet and changed what was in force: from `ordinal` on it holds for every entry.
struct ParameterSet {
    std::int32_t ordinal = 0;
    std::uint8_t type = 0;  ///< of the NAL unit
    std::uint32_t id = 0;   ///< a later one of the same type and id replaces it
    bool outside = false;   ///< it comes beside the packet, not in its bytes
    std::vector<std::uint8_t> nal;
    friend bool operator==(const ParameterSet&, const ParameterSet&) = default;
};

struct FrameIndex {
    std::string codec;
    std::string pixel_format;
    std::int32_t width = 0;  ///< before rotation
    std::int32_t height = 0;
    std::int32_t rotation = 0;       ///< clockwise quarter turns x 90 that show the picture upright
    std::int32_t reorder_depth = 0;  ///< packets that may come between a picture's decoding and its showing
    std::int32_t nal_length_size = 0;
    Rational time_base;
    Rational average_rate;             ///< frames a second as the container says; 0 where it does not
    std::int64_t last_duration = 0;    ///< of the last frame shown
    std::int64_t source_size = 0;      ///< bytes; another size means another file
    std::int64_t missing_packets = 0;  ///< packets the container lists past the end of the source
    StreamHints hints;
    std::vector<std::uint8_t> extradata;
    std::vector<std::uint8_t> palette;         ///< of pixels that are indices; usually empty
    std::vector<ParameterSet> parameter_sets;  ///< ascending by ordinal; beyond those of extradata
    std::vector<PacketEntry> packets;
    std::vector<FrameEntry> frames;

    [[nodiscard]] std::int64_t frame_count() const noexcept { return static_cast<std::int64_t>(frames.size()); }
    [[nodiscard]] double seconds(std::int64_t pts) const noexcept;
    [[nodiscard]] double fps() const noexcept;
    [[nodiscard]] double duration() const noexcept;
    [[nodiscard]] bool turned() const noexcept { return rotation % 180 != 0; }
    [[nodiscard]] int shown_width() const noexcept { return turned() ? height : width; }
    [[nodiscard]] int shown_height() const noexcept { return turned() ? width : height; }
    /// Frame shown at t seconds: pts <= t < the next frame's pts, the last one until its end. Nothing where none is.
    [[nodiscard]] std::optional<std::int64_t> frame_at(double t) const noexcept;
    /// Frame numbers that an entry begins with, ascending.
    [[nodiscard]] std::vector<std::int64_t> keyframes() const;
    /// Share of the packets that may be left out; nothing until every packet's bytes have been seen.
    [[nodiscard]] std::optional<double> droppable_share() const noexcept;
    /// Frames from one entry to the next, on average.
    [[nodiscard]] double keyframe_spacing() const;
    /// Bytes of all packets.
    [[nodiscard]] std::int64_t bytes() const noexcept;

    friend bool operator==(const FrameIndex&, const FrameIndex&) = default;
};

}  // namespace kf::index
