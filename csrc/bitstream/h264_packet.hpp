// What the bytes of one H.264 packet say by themselves: whether it may be left out, whether decoding may begin with it.
// Pure, any thread. Reads NAL headers and recovery-point messages only; never trusts a length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kf::bitstream {

struct H264Packet {
    bool has_slice = false;
    bool idr = false;             ///< its slices are IDR slices
    bool idr_first = false;       ///< its first slice is: the second field of an IDR picture need not be
    bool recovery_point = false;  ///< a recovery point with count 0 and exact_match: exact from here on, in output order
    bool only_plain = true;       ///< nothing but NAL types 1, 6, 9 and 12
    bool reference = false;       ///< a slice has nal_ref_idc above 0
    bool whole = true;            ///< every NAL unit ends within the bytes given

    /// Decoding may begin here: what follows in output order needs nothing from before.
    [[nodiscard]] bool entry() const noexcept { return has_slice && (idr || recovery_point); }
    /// No picture refers to it and the decoder keeps nothing of it. In doubt, false.
    [[nodiscard]] bool droppable() const noexcept { return has_slice && only_plain && !reference && whole; }
};

/// nal_length_size: bytes of the length before each NAL unit (1, 2 or 4, from the avcC box), or 0 for start codes.
[[nodiscard]] H264Packet read_h264_packet(std::span<const std::uint8_t> bytes, int nal_length_size) noexcept;

constexpr std::uint8_t h264_sps = 7;
constexpr std::uint8_t h264_pps = 8;

/// A sequence or picture parameter set; `nal` is a part of the bytes it was found in.
struct H264ParameterSet {
    std::uint8_t type = 0;
    std::uint32_t id = 0;
    std::span<const std::uint8_t> nal;
};

[[nodiscard]] std::vector<H264ParameterSet> parameter_sets_in_packet(std::span<const std::uint8_t> bytes,
                                                                     int nal_length_size);
/// Those of an avcC record (ISO/IEC 14496-15, 5.3.3.1).
[[nodiscard]] std::vector<H264ParameterSet> parameter_sets_in_avcc(std::span<const std::uint8_t> record);

/// Calls visit(nal) for every parameter set of an avcC record.
template <class Visit>
void for_each_set_in_avcc(std::span<const std::uint8_t> record, Visit visit) {
    std::size_t at = 5;  // version, profile, constraints, level, NAL length size
    for (const unsigned count_mask : {31U, 255U}) {
        if (at >= record.size()) return;
        const unsigned count = record[at++] & count_mask;
        for (unsigned i = 0; i < count; ++i) {
            if (at + 2 > record.size()) return;
            const std::size_t size = static_cast<std::size_t>(record[at] << 8 | record[at + 1]);
            at += 2;
            if (size > record.size() - at) return;
            visit(record.subspan(at, size));
            at += size;
        }
    }
}

}  // namespace kf::bitstream
