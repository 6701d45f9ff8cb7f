// Finds the headers that later packets are decoded by, in packets and in decoder configurations: SPS, PPS and VPS of H.264
// and HEVC, VOL headers and user data of MPEG-4. Pure; any thread; keeps nothing; never trusts a length.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "bitstream/codec.hpp"

namespace kf::bitstream {

using base::Bytes;

/// `nal` is a part of the bytes it was found in: from the NAL unit's header on, or from the last byte of the start code.
struct FoundParameterSet {
    std::uint8_t type = 0;  ///< nal_unit_type, or the start code's last byte
    std::uint32_t id = 0;   ///< a later one of the same type and id replaces this one
    Bytes nal;
};

/// The parameter sets of a packet, in its order. nal_length_size: 0 for start codes.
[[nodiscard]] std::vector<FoundParameterSet> parameter_sets_in_packet(Codec codec, Bytes bytes, int nal_length_size);
/// Those of a decoder configuration: an avcC or hvcC record, or bytes as a packet has them where nal_length_size is 0.
[[nodiscard]] std::vector<FoundParameterSet> parameter_sets_in_record(Codec codec, Bytes record, int nal_length_size);

/// Whether a changed set of one type makes the known sets of another type void: a new SPS voids the PPSs that were parsed
/// against the old one, even where their bytes stay the same.
[[nodiscard]] bool voids(Codec codec, std::uint8_t changed, std::uint8_t known) noexcept;

}  // namespace kf::bitstream
