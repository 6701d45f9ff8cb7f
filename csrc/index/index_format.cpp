// After the tag and the facts of the stream come the packets, then the frames, each as columns: all numbers of a kind
// together, as differences from what is likely. In most columns the same few bytes repeat, which a general compressor makes
// short.
#include "index/index_format.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "index/varint.hpp"

namespace kf::index {
namespace {

constexpr std::string_view tag = "KFI7";
constexpr std::string_view tags_of_any_form = "KFI";

constexpr std::int32_t most_pixels_a_side = 1 << 16;
constexpr std::int32_t most_delay = 64;
constexpr std::int32_t most_streams = 1 << 16;
constexpr std::size_t most_packets = std::size_t{1} << 24;
constexpr std::int32_t most_pictures_a_packet = 1 << 16;

constexpr std::int32_t outside_flag = 256;  // of a parameter set, beside its type
constexpr std::uint64_t direct_flag = 1;    // of a packet
constexpr std::uint64_t entry_flag = 2;
constexpr std::uint64_t truncated_flag = 4;
constexpr std::uint64_t completes_flag = 8;
constexpr unsigned droppable_shift = 4;

/// A sum that wraps around, so that a hostile difference cannot overflow it; the bounds are checked afterwards.
std::int64_t add(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

void write_properties(VarintWriter& writer, const PictureProperties& properties) {
    writer.signed_number(properties.sample_aspect_ratio.num);
    writer.signed_number(properties.sample_aspect_ratio.den);
    for (const std::int32_t value : {properties.field_order, properties.color_primaries, properties.color_transfer,
                                     properties.color_matrix, properties.color_range, properties.chroma_location})
        writer.signed_number(value);
}

void write_stream(VarintWriter& writer, const FrameIndex& index) {
    writer.signed_number(index.stream);
    writer.string(index.codec);
    writer.string(index.pixel_format);
    const Cropping& cropping = index.cropping;
    for (const std::int32_t value :
         {index.width, index.height, cropping.left, cropping.top, cropping.right, cropping.bottom,
          index.orientation.clockwise, std::int32_t{index.orientation.mirrored}, index.reorder_depth, index.nal_length_size})
        writer.signed_number(value);
    for (const std::int64_t value :
         {index.time_base.num, index.time_base.den, index.average_rate.num, index.average_rate.den, index.last_duration,
          index.source_size, index.missing_packets, index.stated_bit_rate})
        writer.signed_number(value);
    write_properties(writer, index.properties);
    const StreamHints& hints = index.hints;
    writer.signed_number(hints.codec_tag);
    for (const std::int32_t value :
         {hints.width, hints.height, hints.bits_per_sample, hints.color_range, hints.color_space, hints.chroma_location})
        writer.signed_number(value);
    writer.string(index.extradata);
    writer.string(index.palette);
    writer.number(index.parameter_sets.size());
    for (const ParameterSet& set : index.parameter_sets) {
        writer.signed_number(set.ordinal);
        writer.signed_number(set.type | (set.outside ? outside_flag : 0));
        writer.signed_number(set.id);
        writer.string(set.nal);
    }
}

std::uint64_t flags_of(const PacketEntry& packet) noexcept {
    return (packet.direct ? direct_flag : 0) | (packet.entry ? entry_flag : 0) | (packet.truncated ? truncated_flag : 0) |
           (packet.completes_previous ? completes_flag : 0) |
           static_cast<std::uint64_t>(packet.droppable) << droppable_shift;
}

void write_packets(VarintWriter& writer, const std::vector<PacketEntry>& packets) {
    writer.number(packets.size());
    for (const PacketEntry& packet : packets) writer.number(flags_of(packet));
    for (const PacketEntry& packet : packets) writer.number(static_cast<std::uint64_t>(packet.size));
    std::int64_t end = 0;
    for (const PacketEntry& packet : packets) {
        writer.signed_number(packet.position - end);
        end = packet.position + packet.size;
    }
    std::int64_t order = 0;
    for (const PacketEntry& packet : packets) writer.signed_number(packet.order - std::exchange(order, packet.order));
}

void write_frames(VarintWriter& writer, const FrameIndex& index) {
    writer.number(index.frames.size());
    std::int32_t next = 0;
    for (const FrameEntry& frame : index.frames) {
        writer.signed_number(std::int64_t{frame.packet} - next);
        next = frame.packet + 1;
    }
    std::int64_t lag = 0;  // of the pts behind the packet's order
    for (const FrameEntry& frame : index.frames) {
        const std::int64_t before = lag;
        lag = frame.pts - index.packets[static_cast<std::size_t>(frame.packet)].order;
        writer.signed_number(lag - before);
    }
}

bool is_plain_text(base::Bytes bytes) noexcept {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t c) { return c > 0x20 && c < 0x7F; });
}

void check_tag(VarintReader& reader) {
    const base::Bytes bytes = reader.take(std::min(reader.size(), tag.size()));
    const std::string found(bytes.begin(), bytes.end());
    if (found == tag) return;
    if (found.size() == tag.size() && found.starts_with(tags_of_any_form) && is_plain_text(bytes))
        VarintReader::refuse("it has the form " + found + ", and this version reads " + std::string(tag));
    VarintReader::refuse("it does not begin as one");
}

std::string read_name(VarintReader& reader) {
    const base::Bytes name = reader.string();
    if (!is_plain_text(name)) VarintReader::refuse("a name is not plain text");
    return {name.begin(), name.end()};
}

Rational read_rational(VarintReader& reader) {
    const std::int64_t num = reader.within(0, INT32_MAX, "a rate is out of range");
    return {num, reader.within(1, INT32_MAX, "a rate is out of range")};
}

void read_hints(VarintReader& reader, StreamHints& hints) {
    hints.codec_tag = static_cast<std::uint32_t>(reader.within(0, UINT32_MAX, "a hint is out of range"));
    for (std::int32_t* hint : {&hints.width, &hints.height, &hints.bits_per_sample, &hints.color_range, &hints.color_space,
                               &hints.chroma_location})
        *hint = reader.small(0, most_pixels_a_side, "a hint is out of range");
}

void read_properties(VarintReader& reader, PictureProperties& properties) {
    properties.sample_aspect_ratio = read_rational(reader);
    for (std::int32_t* value : {&properties.field_order, &properties.color_primaries, &properties.color_transfer,
                                &properties.color_matrix, &properties.color_range, &properties.chroma_location})
        *value = reader.small(0, UINT8_MAX, "a property of the pictures is out of range");
}

void read_parameter_sets(VarintReader& reader, std::vector<ParameterSet>& sets) {
    constexpr std::size_t least_bytes = 4;
    sets.resize(reader.count(least_bytes, most_parameter_sets));
    std::int32_t last = 0;
    std::size_t bytes = 0;
    for (ParameterSet& set : sets) {
        set.ordinal = last = reader.small(last, INT32_MAX, "parameter sets are not in order");
        const std::int32_t kind = reader.small(0, UINT8_MAX | outside_flag, "unknown parameter set");
        set.type = static_cast<std::uint8_t>(kind & UINT8_MAX);
        set.outside = (kind & outside_flag) != 0;
        set.id = static_cast<std::uint32_t>(reader.within(0, UINT32_MAX, "unknown parameter set"));
        const base::Bytes nal = reader.string();
        bytes += nal.size();
        if (bytes > most_parameter_set_bytes) VarintReader::refuse("the parameter sets are too long");
        set.nal.assign(nal.begin(), nal.end());
    }
}

void read_stream(VarintReader& reader, FrameIndex& index) {
    constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max();
    index.stream = reader.small(0, most_streams - 1, "the stream is out of range");
    index.codec = read_name(reader);
    index.pixel_format = read_name(reader);
    index.width = reader.small(1, most_pixels_a_side, "the width is out of range");
    index.height = reader.small(1, most_pixels_a_side, "the height is out of range");
    Cropping& cropping = index.cropping;
    for (std::int32_t* side : {&cropping.left, &cropping.top, &cropping.right, &cropping.bottom})
        *side = reader.small(0, most_pixels_a_side, "the cropping is out of range");
    index.orientation.clockwise = reader.small(0, 270, "the rotation is out of range");
    if (index.orientation.clockwise % 90 != 0) VarintReader::refuse("the rotation is out of range");
    index.orientation.mirrored = reader.small(0, 1, "the mirroring is out of range") != 0;
    index.reorder_depth = reader.small(0, most_delay, "the reorder depth is out of range");
    index.nal_length_size = reader.small(0, 4, "the NAL length size is out of range");
    index.time_base = read_rational(reader);
    index.average_rate = read_rational(reader);
    index.last_duration = reader.within(0, latest_time, "a duration is out of range");
    index.source_size = reader.within(0, any, "the source's size is out of range");
    index.missing_packets = reader.within(0, any, "a count is out of range");
    index.stated_bit_rate = reader.within(0, any, "the bit rate is out of range");
    read_properties(reader, index.properties);
    read_hints(reader, index.hints);
    const base::Bytes extradata = reader.string();
    index.extradata.assign(extradata.begin(), extradata.end());
    const base::Bytes palette = reader.string();
    if (!palette.empty() && palette.size() != palette_bytes) VarintReader::refuse("the palette is not of 256 colours");
    index.palette.assign(palette.begin(), palette.end());
    read_parameter_sets(reader, index.parameter_sets);
}

void read_flags(VarintReader& reader, std::vector<PacketEntry>& packets) {
    int packets_of_picture = 0;
    for (PacketEntry& packet : packets) {
        const std::uint64_t flags = reader.number();
        const std::uint64_t droppable = flags >> droppable_shift;
        if (droppable > static_cast<std::uint64_t>(Droppable::yes)) VarintReader::refuse("unknown packet flags");
        packet.direct = (flags & direct_flag) != 0;
        packet.entry = (flags & entry_flag) != 0;
        packet.truncated = (flags & truncated_flag) != 0;
        packet.completes_previous = (flags & completes_flag) != 0;
        packet.droppable = static_cast<Droppable>(droppable);
        packets_of_picture = packet.completes_previous ? packets_of_picture + 1 : 1;
        if (packets_of_picture > most_packets_a_picture) VarintReader::refuse("a picture has too many packets");
    }
}

std::int64_t checked_time(std::int64_t time) {
    if (time < -latest_time || time > latest_time) VarintReader::refuse("a timestamp is out of range");
    return time;
}

void read_packets(VarintReader& reader, FrameIndex& index) {
    constexpr std::size_t least_bytes = 4;
    index.packets.resize(reader.count(least_bytes, most_packets));
    read_flags(reader, index.packets);
    for (PacketEntry& packet : index.packets) {
        const std::uint64_t size = reader.number();
        if (size > INT32_MAX) VarintReader::refuse("a packet's size is out of range");
        packet.size = static_cast<std::int32_t>(size);
    }
    std::int64_t end = 0;
    for (PacketEntry& packet : index.packets) {
        packet.position = add(end, reader.signed_number());
        if (packet.position < 0 || packet.position > index.source_size - packet.size)
            VarintReader::refuse("a packet lies outside the source");
        end = packet.position + packet.size;
    }
    std::int64_t order = 0;
    for (PacketEntry& packet : index.packets) packet.order = order = checked_time(add(order, reader.signed_number()));
}

void read_frames(VarintReader& reader, FrameIndex& index) {
    constexpr std::size_t least_bytes = 2;
    index.frames.resize(reader.count(least_bytes, most_frames));
    std::vector<std::int32_t> pictures(index.packets.size());
    std::int64_t next = 0;
    for (FrameEntry& frame : index.frames) {
        const std::int64_t ordinal = add(next, reader.signed_number());
        if (ordinal < 0 || ordinal >= static_cast<std::int64_t>(pictures.size()))
            VarintReader::refuse("a frame names no packet");
        frame.packet = static_cast<std::int32_t>(ordinal);
        frame.picture_in_packet = pictures[static_cast<std::size_t>(ordinal)]++;
        if (frame.picture_in_packet >= most_pictures_a_packet) VarintReader::refuse("a packet has too many pictures");
        next = ordinal + 1;
    }
    std::int64_t lag = 0;
    for (FrameEntry& frame : index.frames) {
        lag = add(lag, reader.signed_number());
        frame.pts = checked_time(add(index.packets[static_cast<std::size_t>(frame.packet)].order, lag));
    }
}

}  // namespace

std::string_view saved_index_form() noexcept {
    return tag;
}

std::vector<std::uint8_t> pack(const FrameIndex& index) {
    VarintWriter writer;
    writer.append(tag);
    write_stream(writer, index);
    write_packets(writer, index.packets);
    write_frames(writer, index);
    return writer.take();
}

FrameIndex unpack(base::Bytes bytes) {
    VarintReader reader(bytes);
    check_tag(reader);
    FrameIndex index;
    read_stream(reader, index);
    read_packets(reader, index);
    read_frames(reader, index);
    if (reader.size() > 0) VarintReader::refuse("bytes are left over");
    return index;
}

}  // namespace kf::index
