#include "bitstream/vc1_headers.hpp"

#include <cstddef>

#include "bitstream/bit_reader.hpp"

namespace kf::bitstream {
namespace {

constexpr unsigned advanced_profile = 3;
constexpr std::uint32_t panscan = 1U << 10;     // PANSCAN_FLAG
constexpr std::uint32_t extended_mv = 1U << 6;  // EXTENDED_MV

}  // namespace

Vc1Sequence read_vc1_main_sequence(Bytes bytes) noexcept {
    Vc1Sequence sequence;
    BitReader reader(bytes);
    const unsigned profile = reader.bits(2);
    const bool old_interlacing = reader.flag();
    const bool sprites = reader.flag();
    reader.skip(20);  // FRMRTQ_POSTPROC to SYNCMARKER
    sequence.range_reduction = reader.flag();
    sequence.b_pictures = reader.bits(3) != 0;
    reader.skip(2);  // QUANTIZER
    sequence.interpolation = reader.flag();
    sequence.known = profile != advanced_profile && !old_interlacing && !sprites && !reader.past_end();
    return sequence;
}

Vc1Sequence read_vc1_sequence(Bytes payload) noexcept {
    Vc1Sequence sequence;
    sequence.advanced = true;
    RbspReader reader(payload);
    const bool advanced = reader.bits(2) == advanced_profile;
    reader.skip(3 + 2 + 3 + 5);  // LEVEL, COLORDIFF_FORMAT, FRMRTQ_POSTPROC, BITRTQ_POSTPROC
    sequence.postprocessing = reader.flag();
    sequence.width = (reader.bits(12) + 1) * 2;
    sequence.height = (reader.bits(12) + 1) * 2;
    sequence.pulldown = reader.flag();
    sequence.interlaced = reader.flag();
    sequence.frame_counter = reader.flag();
    sequence.interpolation = reader.flag();
    reader.skip(1);
    const bool segmented_frames = reader.flag();  // PSF
    if (reader.flag()) {                          // DISPLAY_EXT
        reader.skip(14 + 14);
        if (reader.flag() && reader.bits(4) == 15) reader.skip(16);  // ASPECT_RATIO
        if (reader.flag()) reader.skip(reader.flag() ? 16 : 12);     // FRAMERATE
        if (reader.flag()) reader.skip(24);                          // COLOR_FORMAT
    }
    if (reader.flag()) {  // HRD_PARAM_FLAG
        sequence.hrd_buffers = static_cast<int>(reader.bits(5));
        reader.skip(8 + static_cast<std::size_t>(sequence.hrd_buffers) * 32);
    }
    sequence.known = advanced && !segmented_frames;
    return sequence;
}

Vc1EntryPoint read_vc1_entry_point(Bytes payload, const Vc1Sequence& sequence, const Vc1EntryPoint& before) noexcept {
    Vc1EntryPoint entry;
    RbspReader reader(payload);
    reader.skip(2);  // BROKEN_LINK, CLOSED_ENTRY
    entry.tools = reader.bits(11);
    reader.skip(static_cast<std::size_t>(sequence.hrd_buffers) * 8);
    const bool sized = reader.flag();  // CODED_SIZE_FLAG
    entry.width = sized ? (reader.bits(12) + 1) * 2 : sequence.width;
    entry.height = sized ? (reader.bits(12) + 1) * 2 : sequence.height;
    entry.extended_dmv = (entry.tools & extended_mv) != 0 ? reader.flag() : before.extended_dmv;
    for (int plane = 0; plane < 2; ++plane) entry.ranges = entry.ranges << 4 | (reader.flag() ? 8 | reader.bits(3) : 0);
    entry.known = (entry.tools & panscan) == 0;  // libavcodec does not read pan-scan windows
    return entry;
}

Bytes vc1_headers(Bytes packet) noexcept {
    bool sequence = false;
    bool entry_point = false;
    std::size_t end = 0;  // where the first frame or field begins
    for_each_vc1_unit(packet, [&](unsigned type, Bytes payload) {
        if (end > 0) return;
        sequence = sequence || type == vc1::sequence;
        entry_point = entry_point || type == vc1::entry_point;
        constexpr std::size_t start_code_bytes = 4;
        if (type == vc1::frame || type == vc1::field)
            end = static_cast<std::size_t>(payload.data() - packet.data()) - start_code_bytes;
    });
    return sequence && entry_point ? packet.first(end) : Bytes{};
}

}  // namespace kf::bitstream
