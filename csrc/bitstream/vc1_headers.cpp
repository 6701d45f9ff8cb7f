#include "bitstream/vc1_headers.hpp"

#include "bitstream/bit_reader.hpp"

namespace kf::bitstream {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr unsigned advanced_profile = 3;
constexpr std::uint32_t pan_scan = 1U << 10;  // of the tools
constexpr std::uint32_t extended_vectors = 1U << 6;

}  // namespace

Vc1Sequence read_vc1_main_sequence(Bytes bytes) noexcept {
    Vc1Sequence sequence;
    BitReader reader(bytes);
    const unsigned profile = reader.bits(2);
    const bool old_interlacing = reader.flag();
    const bool sprites = reader.flag();
    reader.skip(20);
    sequence.range_reduction = reader.flag();
    sequence.b_pictures = reader.bits(3) != 0;
    reader.skip(2);
    sequence.interpolation = reader.flag();
    sequence.known = profile != advanced_profile && !old_interlacing && !sprites && !reader.past_end();
    return sequence;
}

Vc1Sequence read_vc1_sequence(Bytes payload) noexcept {
    Vc1Sequence sequence;
    sequence.advanced = true;
    PayloadBits bits(payload);
    const bool advanced = bits.bits(2) == advanced_profile;
    (void)bits.bits(3 + 2 + 3 + 5);
    sequence.postprocessing = bits.bit() != 0;
    sequence.width = (bits.bits(12) + 1) * 2;
    sequence.height = (bits.bits(12) + 1) * 2;
    sequence.pulldown = bits.bit() != 0;
    sequence.interlaced = bits.bit() != 0;
    sequence.frame_counter = bits.bit() != 0;
    sequence.interpolation = bits.bit() != 0;
    (void)bits.bit();
    const bool segmented = bits.bit() != 0;
    if (bits.bit() != 0) {  // how to display it
        (void)bits.bits(14 + 14);
        if (bits.bit() != 0 && bits.bits(4) == 15) (void)bits.bits(16);
        if (bits.bit() != 0) (void)bits.bits(bits.bit() != 0 ? 16 : 12);
        if (bits.bit() != 0) (void)bits.bits(24);
    }
    if (bits.bit() != 0) {
        sequence.buffers = static_cast<int>(bits.bits(5));
        (void)bits.bits(8);
        for (int i = 0; i < sequence.buffers; ++i) (void)bits.bits(32);
    }
    sequence.known = advanced && !segmented;
    return sequence;
}

Vc1EntryPoint read_vc1_entry_point(Bytes payload, const Vc1Sequence& sequence, const Vc1EntryPoint& before) noexcept {
    Vc1EntryPoint entry;
    PayloadBits bits(payload);
    (void)bits.bits(2);
    entry.tools = bits.bits(11);
    for (int i = 0; i < sequence.buffers; ++i) (void)bits.bits(8);
    const bool sized = bits.bit() != 0;
    entry.width = sized ? (bits.bits(12) + 1) * 2 : sequence.width;
    entry.height = sized ? (bits.bits(12) + 1) * 2 : sequence.height;
    entry.extended_differences = (entry.tools & extended_vectors) != 0 ? bits.bit() != 0 : before.extended_differences;
    for (int plane = 0; plane < 2; ++plane) entry.ranges = entry.ranges << 4 | (bits.bit() != 0 ? 8 | bits.bits(3) : 0);
    entry.known = (entry.tools & pan_scan) == 0;  // which libavcodec does not read
    return entry;
}

Bytes vc1_headers(Bytes bytes) noexcept {
    bool sequence = false;
    bool entry_point = false;
    std::size_t end = 0;
    for_each_vc1_unit(bytes, [&](unsigned code, Bytes payload) {
        const auto begin = static_cast<std::size_t>(payload.data() - bytes.data());
        if (end > 0) return;
        sequence = sequence || code == vc1::sequence;
        entry_point = entry_point || code == vc1::entry_point;
        if (code == vc1::frame || code == vc1::field) end = begin - 4;
    });
    return sequence && entry_point ? bytes.first(end) : Bytes{};
}

}  // namespace kf::bitstream
