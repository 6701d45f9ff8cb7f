// Headers that later packets are decoded by and that a container or a packet may bring: parameter sets of H.264 and HEVC,
// layer headers of MPEG-4. Pure, any thread; never trusts a length.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "bitstream/codec.hpp"

namespace kf::bitstream {

/// `nal` is a part of the bytes it was found in: from the NAL unit's header or the start code's last byte on.
struct FoundParameterSet {
    std::uint8_t type = 0;
    std::uint32_t id = 0;  ///< a later one of the same type and id replaces it
    std::span<const std::uint8_t> nal;
};

/// Those of a packet, in its order. nal_length_size: 0 for start codes.
[[nodiscard]] std::vector<FoundParameterSet> parameter_sets_in_packet(Codec codec, std::span<const std::uint8_t> bytes,
                                                                      int nal_length_size);
/// Those of a decoder configuration: avcC, hvcC, or what a packet would hold.
[[nodiscard]] std::vector<FoundParameterSet> parameter_sets_in_record(Codec codec, std::span<const std::uint8_t> record,
                                                                      int nal_length_size);

/// Whether a new set of one type voids what is known of the other: a new sequence set voids the picture sets made for the
/// old one, equal as their bytes may be.
[[nodiscard]] bool voids(Codec codec, std::uint8_t changed, std::uint8_t known) noexcept;

}  // namespace kf::bitstream
