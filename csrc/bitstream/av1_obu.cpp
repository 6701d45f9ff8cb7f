#include "bitstream/av1_obu.hpp"

#include <bit>

#include "bitstream/bit_reader.hpp"

namespace kf::bitstream {
namespace {

using Bytes = std::span<const std::uint8_t>;

// AV1 Bitstream & Decoding Process Specification, 6.2.2 and 6.8.2.
enum ObuType : unsigned { obu_sequence_header = 1, obu_frame_header = 3, obu_frame = 6 };
enum FrameType : unsigned { key_frame = 0, intra_only_frame = 2, switch_frame = 3 };
constexpr int select = 2;  // a frame header says

unsigned read_uvlc(BitReader& reader) noexcept {
    int zeros = 0;
    while (zeros < 32 && !reader.past_end() && !reader.flag()) ++zeros;
    return zeros < 32 ? reader.bits(zeros) + (1U << zeros) - 1 : ~0U;
}

void read_operating_points(BitReader& reader, Av1Sequence& sequence) noexcept {
    int delay_bits = 0;
    if (reader.flag()) {  // timing_info_present_flag
        reader.skip(64);
        sequence.equal_picture_interval = reader.flag();
        if (sequence.equal_picture_interval) (void)read_uvlc(reader);
        sequence.decoder_model = reader.flag();
        if (sequence.decoder_model) {
            delay_bits = static_cast<int>(reader.bits(5)) + 1;
            reader.skip(32);
            sequence.buffer_removal_time_bits = static_cast<int>(reader.bits(5)) + 1;
            sequence.frame_presentation_time_bits = static_cast<int>(reader.bits(5)) + 1;
        }
    }
    const bool initial_display_delay = reader.flag();
    sequence.operating_points = static_cast<int>(reader.bits(5)) + 1;
    for (std::size_t i = 0; i < static_cast<std::size_t>(sequence.operating_points); ++i) {
        sequence.operating_point_idc[i] = static_cast<std::uint16_t>(reader.bits(12));
        if (reader.bits(5) > 7) reader.skip(1);  // seq_tier
        if (sequence.decoder_model) {
            sequence.decoder_model_for_point[i] = reader.flag();
            if (sequence.decoder_model_for_point[i]) reader.skip(static_cast<std::size_t>(2 * delay_bits) + 1);
        }
        if (initial_display_delay && reader.flag()) reader.skip(4);
    }
}

Av1Sequence read_sequence(Bytes bytes) noexcept {
    Av1Sequence sequence;
    BitReader reader(bytes);
    reader.skip(4);  // profile, still_picture
    sequence.reduced_still_picture = reader.flag();
    if (sequence.reduced_still_picture) {
        reader.skip(5);
    } else {
        read_operating_points(reader, sequence);
    }
    const auto width_bits = reader.bits(4) + 1;
    const auto height_bits = reader.bits(4) + 1;
    reader.skip(width_bits + height_bits);
    if (!sequence.reduced_still_picture && reader.flag()) {  // frame_id_numbers_present_flag
        const unsigned delta = reader.bits(4) + 2;
        sequence.frame_id_bits = static_cast<int>(reader.bits(3) + delta + 1);
    }
    reader.skip(3);  // superblock size, filter intra, intra edge filter
    if (!sequence.reduced_still_picture) {
        reader.skip(4);  // interintra, masked compound, warped motion, dual filter
        const bool order_hints = reader.flag();
        if (order_hints) reader.skip(2);
        sequence.screen_content_tools = reader.flag() ? select : static_cast<int>(reader.bit());
        sequence.integer_mv = select;
        if (sequence.screen_content_tools > 0) sequence.integer_mv = reader.flag() ? select : static_cast<int>(reader.bit());
        if (order_hints) sequence.order_hint_bits = static_cast<int>(reader.bits(3)) + 1;
    }
    sequence.known = !reader.past_end();
    return sequence;
}

/// Whether an operating point holds the layers that an OBU's extension byte names.
bool holds(unsigned operating_point, unsigned layers) noexcept {
    return operating_point == 0 ||
           ((operating_point >> (layers >> 5) & 1U) != 0 && (operating_point >> ((layers >> 3 & 3U) + 8) & 1U) != 0);
}

void skip_buffer_removal_times(BitReader& reader, const Av1Sequence& sequence, unsigned layers) noexcept {
    for (std::size_t i = 0; i < static_cast<std::size_t>(sequence.operating_points); ++i) {
        if (sequence.decoder_model_for_point[i] && holds(sequence.operating_point_idc[i], layers))
            reader.skip(static_cast<std::size_t>(sequence.buffer_removal_time_bits));
    }
}

/// The beginning of an uncompressed frame header, up to refresh_frame_flags.
void add_frame(Av1Packet& packet, Bytes bytes, const Av1Sequence& sequence, unsigned layers) noexcept {
    ++packet.frames;
    if (!sequence.known || sequence.reduced_still_picture) {
        packet.shown += 1;
        packet.refreshes = true;
        packet.begins_with_key = packet.begins_with_key || (sequence.known && packet.frames == 1);
        return;
    }
    BitReader reader(bytes);
    if (reader.flag()) {  // show_existing_frame
        packet.shows_again = true;
        packet.shown += 1;
        return;
    }
    const unsigned type = reader.bits(2);
    const bool shown = reader.flag();
    packet.shown += shown;
    if (packet.frames == 1) packet.begins_with_key = type == key_frame && shown;
    if (shown && sequence.decoder_model && !sequence.equal_picture_interval)
        reader.skip(static_cast<std::size_t>(sequence.frame_presentation_time_bits));
    if (!shown) reader.skip(1);  // showable_frame
    const bool all_refreshed = type == switch_frame || (type == key_frame && shown);
    const bool error_resilient = all_refreshed || reader.flag();
    reader.skip(1);  // disable_cdf_update
    const bool screen_content = sequence.screen_content_tools == select ? reader.flag() : sequence.screen_content_tools != 0;
    if (screen_content && sequence.integer_mv == select) reader.skip(1);
    reader.skip(static_cast<std::size_t>(sequence.frame_id_bits));
    if (type != switch_frame) reader.skip(1);  // frame_size_override_flag
    reader.skip(static_cast<std::size_t>(sequence.order_hint_bits));
    const bool intra = type == key_frame || type == intra_only_frame;
    if (!intra && !error_resilient) reader.skip(3);  // primary_ref_frame
    if (sequence.decoder_model && reader.flag()) skip_buffer_removal_times(reader, sequence, layers);
    if (all_refreshed || reader.bits(8) != 0 || reader.past_end()) packet.refreshes = true;
}

/// Nothing where it does not fit; takes the bytes it read off the front.
bool take_leb128(Bytes& bytes, std::size_t& value) noexcept {
    value = 0;
    for (unsigned i = 0; i < 8 && !bytes.empty(); ++i) {
        const std::size_t byte = bytes.front();
        bytes = bytes.subspan(1);
        value |= (byte & 0x7F) << (7 * i);
        if (byte < 0x80) return true;
    }
    return false;
}

}  // namespace

bool Av1Sequence::decodes(unsigned layers) const noexcept {
    return holds(operating_point_idc[0], layers);
}

bool Av1Sequence::several_spatial_layers() const noexcept {
    return std::popcount(static_cast<unsigned>(operating_point_idc[0]) >> 8) > 1;
}

Av1Packet read_av1_packet(Bytes bytes, Av1Sequence& sequence) noexcept {
    Av1Packet packet;
    while (!bytes.empty()) {
        const unsigned header = bytes.front();
        const unsigned type = header >> 3 & 15U;
        const bool extension = (header & 4U) != 0;
        const bool has_size = (header & 2U) != 0;
        const std::size_t header_size = extension ? 2 : 1;
        if (bytes.size() < header_size) break;
        const unsigned layers = extension ? bytes[1] : 0;
        bytes = bytes.subspan(header_size);
        std::size_t size = bytes.size();
        if (has_size && (!take_leb128(bytes, size) || size > bytes.size())) {
            packet.whole = false;
            break;
        }
        const Bytes payload = bytes.first(size);
        bytes = bytes.subspan(size);
        if (type == obu_sequence_header) {
            packet.sequence_header = true;
            sequence = read_sequence(payload);
        } else if ((type == obu_frame_header || type == obu_frame) && (!extension || sequence.decodes(layers))) {
            add_frame(packet, payload, sequence, layers);
        }
    }
    return packet;
}

}  // namespace kf::bitstream
