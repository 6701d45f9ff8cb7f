#include "bitstream/av1_obu.hpp"

#include <bit>
#include <cstddef>

#include "bitstream/bit_reader.hpp"

namespace kf::bitstream {
namespace {

// obu_type: 6.2.2. frame_type: 6.8.2.
enum ObuType : unsigned { obu_sequence_header = 1, obu_frame_header = 3, obu_frame = 6 };
enum FrameType : unsigned { key_frame = 0, intra_only_frame = 2, switch_frame = 3 };
constexpr int select = 2;  // SELECT_SCREEN_CONTENT_TOOLS and SELECT_INTEGER_MV

int read_width(BitReader& reader, int bits) noexcept {
    return static_cast<int>(reader.bits(bits)) + 1;
}

/// From timing_info_present_flag to the last operating point: 5.5.1, with timing_info() and decoder_model_info().
void read_operating_points(BitReader& reader, Av1Sequence& sequence) noexcept {
    int delay_bits = 0;
    if (reader.flag()) {  // timing_info_present_flag
        reader.skip(64);  // num_units_in_display_tick, time_scale
        sequence.equal_picture_interval = reader.flag();
        if (sequence.equal_picture_interval) (void)reader.ue();  // num_ticks_per_picture_minus_1
        sequence.decoder_model_info_present = reader.flag();
        if (sequence.decoder_model_info_present) {
            delay_bits = read_width(reader, 5);
            reader.skip(32);  // num_units_in_decoding_tick
            sequence.buffer_removal_time_bits = read_width(reader, 5);
            sequence.frame_presentation_time_bits = read_width(reader, 5);
        }
    }
    const bool initial_display_delay_present = reader.flag();
    sequence.operating_points = read_width(reader, 5);
    for (std::size_t i = 0; i < static_cast<std::size_t>(sequence.operating_points); ++i) {
        sequence.operating_point_idc[i] = static_cast<std::uint16_t>(reader.bits(12));
        if (reader.bits(5) > 7) reader.skip(1);  // seq_level_idx, seq_tier
        if (sequence.decoder_model_info_present) {
            sequence.decoder_model_present_for_op[i] = reader.flag();
            if (sequence.decoder_model_present_for_op[i]) reader.skip(static_cast<std::size_t>(2 * delay_bits) + 1);
        }
        if (initial_display_delay_present && reader.flag()) reader.skip(4);
    }
}

/// sequence_header_obu(): 5.5.1, up to order_hint_bits.
Av1Sequence read_sequence(Bytes bytes) noexcept {
    Av1Sequence sequence;
    BitReader reader(bytes);
    reader.skip(4);  // seq_profile, still_picture
    sequence.reduced_still_picture_header = reader.flag();
    if (sequence.reduced_still_picture_header) {
        reader.skip(5);  // seq_level_idx
    } else {
        read_operating_points(reader, sequence);
    }
    const int width_bits = read_width(reader, 4);
    const int height_bits = read_width(reader, 4);
    reader.skip(static_cast<std::size_t>(width_bits));
    reader.skip(static_cast<std::size_t>(height_bits));
    if (!sequence.reduced_still_picture_header && reader.flag()) {  // frame_id_numbers_present_flag
        const int delta_frame_id_bits = read_width(reader, 4) + 1;
        sequence.frame_id_bits = read_width(reader, 3) + delta_frame_id_bits;
    }
    reader.skip(3);  // use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter
    if (!sequence.reduced_still_picture_header) {
        reader.skip(4);  // interintra, masked compound, warped motion, dual filter
        const bool enable_order_hint = reader.flag();
        if (enable_order_hint) reader.skip(2);  // enable_jnt_comp, enable_ref_frame_mvs
        sequence.force_screen_content_tools = reader.flag() ? select : static_cast<int>(reader.bit());
        sequence.force_integer_mv = select;
        if (sequence.force_screen_content_tools > 0)
            sequence.force_integer_mv = reader.flag() ? select : static_cast<int>(reader.bit());
        if (enable_order_hint) sequence.order_hint_bits = read_width(reader, 3);
    }
    sequence.known = !reader.past_end();
    return sequence;
}

/// Whether an operating point holds the layers that an extension header names: 5.3.1 and 6.2.3.
bool holds(unsigned operating_point_idc, unsigned extension_header) noexcept {
    const unsigned temporal_id = extension_header >> 5;
    const unsigned spatial_id = extension_header >> 3 & 3U;
    return operating_point_idc == 0 ||
           ((operating_point_idc >> temporal_id & 1U) != 0 && (operating_point_idc >> (spatial_id + 8) & 1U) != 0);
}

void skip_buffer_removal_times(BitReader& reader, const Av1Sequence& sequence, unsigned extension_header) noexcept {
    for (std::size_t i = 0; i < static_cast<std::size_t>(sequence.operating_points); ++i) {
        if (sequence.decoder_model_present_for_op[i] && holds(sequence.operating_point_idc[i], extension_header))
            reader.skip(static_cast<std::size_t>(sequence.buffer_removal_time_bits));
    }
}

/// uncompressed_header(): 5.9.2, up to refresh_frame_flags.
void add_frame(Av1Packet& packet, Bytes bytes, const Av1Sequence& sequence, unsigned extension_header) noexcept {
    Av1FrameNumber ignored;
    Av1FrameNumber& number = packet.frames < 16 ? packet.numbers[static_cast<std::size_t>(packet.frames)] : ignored;
    ++packet.frames;
    if (!sequence.known || sequence.reduced_still_picture_header) {
        packet.shown += 1;
        packet.refreshes = true;
        packet.begins_with_key = packet.begins_with_key || (sequence.known && packet.frames == 1);
        return;
    }
    BitReader reader(bytes);
    if (reader.flag()) {  // show_existing_frame
        packet.shows_existing = true;
        packet.shown += 1;
        number.existing = number.shown = true;
        number.slot = static_cast<std::uint8_t>(reader.bits(3));  // frame_to_show_map_idx
        return;
    }
    const unsigned frame_type = reader.bits(2);
    const bool show_frame = reader.flag();
    packet.shown += show_frame;
    if (packet.frames == 1) packet.begins_with_key = frame_type == key_frame && show_frame;
    if (show_frame && sequence.decoder_model_info_present && !sequence.equal_picture_interval)
        reader.skip(static_cast<std::size_t>(sequence.frame_presentation_time_bits));
    if (!show_frame) reader.skip(1);  // showable_frame
    const bool refreshes_all = frame_type == switch_frame || (frame_type == key_frame && show_frame);
    const bool error_resilient_mode = refreshes_all || reader.flag();
    reader.skip(1);  // disable_cdf_update
    const int tools = sequence.force_screen_content_tools;
    const bool allow_screen_content_tools = tools == select ? reader.flag() : tools != 0;
    if (allow_screen_content_tools && sequence.force_integer_mv == select) reader.skip(1);
    reader.skip(static_cast<std::size_t>(sequence.frame_id_bits));
    if (frame_type != switch_frame) reader.skip(1);  // frame_size_override_flag
    number.order_hint = reader.bits(sequence.order_hint_bits);
    const bool intra = frame_type == key_frame || frame_type == intra_only_frame;
    if (!intra && !error_resilient_mode) reader.skip(3);  // primary_ref_frame
    if (sequence.decoder_model_info_present && reader.flag()) skip_buffer_removal_times(reader, sequence, extension_header);
    number.shown = show_frame;
    number.key = frame_type == key_frame;
    number.refreshed = static_cast<std::uint8_t>(refreshes_all ? 255U : reader.bits(8));
    if (number.refreshed != 0 || reader.past_end()) packet.refreshes = true;
}

/// leb128(): 4.10.5. Takes the bytes that it reads off the front; false where the bytes end first.
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

bool Av1Sequence::decodes(unsigned extension_header) const noexcept {
    return holds(operating_point_idc[0], extension_header);
}

bool Av1Sequence::has_several_spatial_layers() const noexcept {
    return std::popcount(static_cast<unsigned>(operating_point_idc[0]) >> 8) > 1;
}

/// open_bitstream_unit() and obu_header(): 5.3.1 and 5.3.2.
Av1Packet read_av1_packet(Bytes bytes, Av1Sequence& sequence) noexcept {
    Av1Packet packet;
    while (!bytes.empty()) {
        const unsigned header = bytes.front();
        const unsigned type = header >> 3 & 15U;
        const bool has_extension = (header & 4U) != 0;
        const bool has_size = (header & 2U) != 0;
        const std::size_t header_size = has_extension ? 2 : 1;
        if (bytes.size() < header_size) break;
        const unsigned extension_header = has_extension ? bytes[1] : 0;
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
        } else if ((type == obu_frame_header || type == obu_frame) &&
                   (!has_extension || sequence.decodes(extension_header))) {
            add_frame(packet, payload, sequence, extension_header);
        }
    }
    return packet;
}

}  // namespace kf::bitstream
