// What the NAL unit headers and the first slice header of one HEVC packet say. Pure; any thread; never trusts a length.
#pragma once

#include <cstdint>
#include <optional>

#include "bitstream/hevc_headers.hpp"

namespace kf::bitstream {

struct HevcPacket {
    int pictures = 0;              ///< pictures of the base layer
    bool random_access = false;    ///< an IRAP picture: decoding may begin here
    bool starts_sequence = false;  ///< an IDR or BLA picture: nothing that follows refers to what is before
    bool rasl = false;             ///< random access skipped leading: not decodable where decoding began at its IRAP picture
    bool drops_prior = false;      ///< no_output_of_prior_pics_flag
    bool ends_sequence = false;    ///< an end of sequence or end of bitstream NAL unit
    bool only_unreferenced = true;  ///< only sub-layer non-reference pictures, delimiters, SEI messages and filler data
    int temporal_id = 0;            ///< the lowest of its slices
    HevcPocLsb poc_lsb;             ///< of the first picture
    bool poc_anchor = false;        ///< the first picture is a prevTid0Pic: the POCs of later pictures are derived from it
    bool whole = true;              ///< every NAL unit ends within the packet

    [[nodiscard]] bool entry() const noexcept { return random_access && pictures == 1; }
    /// No picture refers to this one: a sub-layer non-reference picture at the highest TemporalId of the sequence.
    [[nodiscard]] bool droppable(const HevcParameterSets& sets) const noexcept {
        return pictures > 0 && only_unreferenced && whole && temporal_id == sets.highest_temporal_id();
    }
};

/// Takes in the parameter sets of the packet on the way. nal_length_size: 0 for start codes.
[[nodiscard]] HevcPacket read_hevc_packet(Bytes bytes, int nal_length_size, HevcParameterSets& sets) noexcept;

}  // namespace kf::bitstream
