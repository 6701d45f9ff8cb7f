// What the bytes of one HEVC packet say by themselves, and the few facts of its parameter sets that this depends on. Pure;
// never trusts a length.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "bitstream/nal_units.hpp"

namespace kf::bitstream {

/// Of the sequence, from the parameter sets seen so far.
struct HevcParameterSets {
    int highest_temporal_id = -1;  ///< -1: no sequence parameter set has been seen
    bool hides_pictures = false;   ///< slice headers may say that a picture is not shown

    struct Set {
        int order_bits = 0;  ///< of the picture order count in slice headers; 0: not seen
        bool separate_planes = false;
    };
    struct PictureSet {
        std::uint8_t sequence = 0;
        std::uint8_t extra_bits = 0;  ///< of slice headers
        bool output_flag = false;     ///< in slice headers
    };
    std::array<Set, 16> sets{};
    std::array<PictureSet, 64> picture_sets{};
};

struct HevcPacket {
    int pictures = 0;               ///< of the base layer
    bool random_access = false;     ///< an IRAP picture
    bool starts_sequence = false;   ///< IDR or BLA: nothing that follows refers to what is before
    bool rasl = false;              ///< RASL: it cannot be decoded where decoding began with its IRAP picture
    bool drops_prior = false;       ///< no_output_of_prior_pics_flag
    bool ends_sequence = false;     ///< an end of sequence or of bitstream
    bool only_unreferenced = true;  ///< nothing but sub-layer non-reference pictures, delimiters, messages and filler
    int temporal_id = 0;            ///< the lowest of its slices
    // Of the first picture:
    std::optional<unsigned> order;  ///< the last `order_bits` bits of its picture order count
    int order_bits = 0;
    bool order_anchor = false;  ///< the counts of later pictures are told by this one's
    bool whole = true;          ///< every NAL unit ends within the bytes given

    [[nodiscard]] bool entry() const noexcept { return random_access && pictures == 1; }
    /// No picture refers to it: an even type at the highest temporal layer.
    [[nodiscard]] bool droppable(const HevcParameterSets& sequence) const noexcept {
        return pictures > 0 && only_unreferenced && whole && temporal_id == sequence.highest_temporal_id;
    }
};

/// Takes in the parameter sets of the packet first. nal_length_size: 0 for start codes.
[[nodiscard]] HevcPacket read_hevc_packet(std::span<const std::uint8_t> bytes, int nal_length_size,
                                          HevcParameterSets& sequence) noexcept;

/// Reads the payload of a sequence parameter set up to its id and behind it.
[[nodiscard]] unsigned read_hevc_sequence_id(PayloadBits& reader) noexcept;

/// Takes in the parameter sets of an hvcC record (ISO/IEC 14496-15, 8.3.3.1).
void read_hevc_record(std::span<const std::uint8_t> record, HevcParameterSets& sequence) noexcept;

/// Calls visit(nal) for every NAL unit of an hvcC record.
template <class Visit>
void for_each_nal_in_hvcc(std::span<const std::uint8_t> record, Visit visit) {
    if (record.size() < 23) return;
    std::size_t at = 23;
    for (int arrays = record[22]; arrays > 0 && at + 3 <= record.size(); --arrays) {
        int count = record[at + 1] << 8 | record[at + 2];
        at += 3;
        for (; count > 0 && at + 2 <= record.size(); --count) {
            const std::size_t size = static_cast<std::size_t>(record[at] << 8 | record[at + 1]);
            at += 2;
            if (size > record.size() - at) return;
            visit(record.subspan(at, size));
            at += size;
        }
    }
}

constexpr std::uint8_t hevc_vps = 32;
constexpr std::uint8_t hevc_sps = 33;
constexpr std::uint8_t hevc_pps = 34;

}  // namespace kf::bitstream
