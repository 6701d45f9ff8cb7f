// The frame index: the integers that make every access to one video stream exact. It owns plain data and no handle, so it
// can be packed into bytes and carried anywhere. Indexing builds it once; afterwards it never changes, and any number of
// threads share it by shared_ptr<const>.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/picture_view.hpp"

namespace kf::index {

// Limits of a stream and of a saved index. A stream that exceeds one was made to take long and is refused.
inline constexpr int most_packets_a_picture = 256;  ///< a packet and those behind it that `completes_previous`
inline constexpr std::size_t most_frames = std::size_t{1} << 24;
inline constexpr std::int64_t latest_time = INT64_MAX / 4;  ///< ticks on either side of 0; sums of times do not overflow
inline constexpr std::size_t most_parameter_sets = 65536;
inline constexpr std::size_t most_parameter_set_bytes = std::size_t{16} << 20;

inline constexpr std::size_t palette_bytes = 1024;  ///< 256 colours of 4 bytes each

struct Rational {
    std::int64_t num = 0;
    std::int64_t den = 1;
    [[nodiscard]] double value() const noexcept { return den ? static_cast<double>(num) / static_cast<double>(den) : 0.0; }
    friend bool operator==(const Rational&, const Rational&) = default;
};

/// Whether a packet need not be sent when nobody wants its picture; unknown until its bytes have been read.
enum class Droppable : std::uint8_t { unknown, no, yes };

/// One packet, in decode order. Its place in FrameIndex::packets is its ordinal.
struct PacketEntry {
    std::int64_t position = 0;  ///< of the first byte in the source, where `direct`
    std::int64_t order = 0;  ///< compares pictures by presentation: the pts, or a rank where the container has no usable pts
    std::int32_t size = 0;
    Droppable droppable = Droppable::unknown;
    bool direct = false;     ///< reading [position, position + size) gives the packet; otherwise the demuxer must read it
    bool entry = false;      ///< a random access point, confirmed by the packet's bytes: decoding may begin here
    bool truncated = false;  ///< bytes of this packet, or pictures in front of it, are missing
    bool completes_previous = false;  ///< holds more of the picture in the packet before: a second field
    friend bool operator==(const PacketEntry&, const PacketEntry&) = default;
};

/// One shown picture, in presentation order. Its place in FrameIndex::frames is the frame number.
struct FrameEntry {
    std::int64_t pts = 0;                ///< in ticks of the time base, after edit lists
    std::int32_t packet = 0;             ///< ordinal of the packet that holds the picture or its first field
    std::int32_t picture_in_packet = 0;  ///< 0 for the first picture shown from this packet, 1 for the next
    friend bool operator==(const FrameEntry&, const FrameEntry&) = default;
};

/// What the container says about the stream and the decoder is told, as FFmpeg's numbers; 0 or -1 where it says nothing.
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

/// A parameter set that came with a packet and changed the sets in force. Decoders that begin behind that packet need it,
/// too.
struct ParameterSet {
    std::int32_t ordinal = 0;
    std::uint8_t type = 0;  ///< nal_unit_type, or the last byte of an MPEG-4 start code
    std::uint32_t id = 0;   ///< a later set of the same type and id replaces this one
    bool outside = false;   ///< the container brings it beside the packet, not in the packet's bytes
    std::vector<std::uint8_t> nal;
    friend bool operator==(const ParameterSet&, const ParameterSet&) = default;
};

/// What the container cuts off every picture, in pixels, before rotation.
struct Cropping {
    std::int32_t left = 0;
    std::int32_t top = 0;
    std::int32_t right = 0;
    std::int32_t bottom = 0;
    friend bool operator==(const Cropping&, const Cropping&) = default;
};

/// What the container or the headers say of the pictures and nothing here acts on, as FFmpeg's numbers. The values that a
/// PictureProperties begins with mean that nothing is said.
struct PictureProperties {
    Rational sample_aspect_ratio;  ///< width of a sample to its height, before rotation; 0 where nothing is said
    std::int32_t field_order = 0;
    std::int32_t color_primaries = 2;
    std::int32_t color_transfer = 2;
    std::int32_t color_matrix = 2;
    std::int32_t color_range = 0;
    std::int32_t chroma_location = 0;
    friend bool operator==(const PictureProperties&, const PictureProperties&) = default;
};

struct FrameIndex {
    std::int32_t stream = 0;  ///< position among the container's streams
    std::string codec;
    std::string pixel_format;
    std::int32_t width = 0;  ///< after cropping, before rotation
    std::int32_t height = 0;
    Cropping cropping;
    base::Orientation orientation;
    std::int32_t reorder_depth = 0;    ///< has_b_frames: how many pictures a decoder holds back to reorder them
    std::int32_t nal_length_size = 0;  ///< bytes of the length in front of each NAL unit; 0 for start codes
    Rational time_base;
    Rational average_rate;             ///< frames per second as the container says; 0 where it says nothing
    std::int64_t last_duration = 0;    ///< of the last frame, in ticks
    std::int64_t source_size = 0;      ///< bytes; a source of another size is another file
    std::int64_t missing_packets = 0;  ///< packets that the container lists and the source does not hold
    std::int64_t stated_bit_rate = 0;  ///< bits per second as the container says; 0 where it says nothing
    PictureProperties properties;
    StreamHints hints;
    std::vector<std::uint8_t> extradata;
    std::vector<std::uint8_t> palette;         ///< of pixel formats whose pixels are indices; usually empty
    std::vector<ParameterSet> parameter_sets;  ///< ascending by ordinal, without those of the extradata
    std::vector<PacketEntry> packets;
    std::vector<FrameEntry> frames;

    [[nodiscard]] std::int64_t frame_count() const noexcept { return static_cast<std::int64_t>(frames.size()); }
    [[nodiscard]] double seconds(std::int64_t pts) const noexcept;
    /// Frames per second: what the container says, or the mean of the frames.
    [[nodiscard]] double fps() const noexcept;
    /// Seconds from the first frame's pts to the end of the last frame.
    [[nodiscard]] double duration() const noexcept;
    /// Bits per second: what the container says, or the mean of the packets; 0 where the frames last no time.
    [[nodiscard]] std::int64_t bit_rate() const noexcept;
    /// Of the upright picture; 1 where nothing is said.
    [[nodiscard]] Rational shown_sample_aspect_ratio() const noexcept;
    [[nodiscard]] int shown_width() const noexcept { return orientation.turned() ? height : width; }
    [[nodiscard]] int shown_height() const noexcept { return orientation.turned() ? width : height; }
    /// The frame shown at t seconds: pts <= t < the next frame's pts; the last frame until its pts + duration. Nothing
    /// outside.
    [[nodiscard]] std::optional<std::int64_t> frame_at(double t) const noexcept;
    /// The numbers of the frames whose packets are entries, ascending.
    [[nodiscard]] std::vector<std::int64_t> keyframes() const;
    /// The share of packets that are droppable; nothing where the bytes of some packet were not read.
    [[nodiscard]] std::optional<double> droppable_share() const noexcept;
    /// The mean number of frames from one entry to the next.
    [[nodiscard]] double keyframe_spacing() const;
    /// The bytes of all packets together.
    [[nodiscard]] std::int64_t bytes() const noexcept;

    friend bool operator==(const FrameIndex&, const FrameIndex&) = default;
};

}  // namespace kf::index
