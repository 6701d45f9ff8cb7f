// The headers of VC-1: of a sequence, of an entry point, and where they stand. Pure; never trusts a length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "bitstream/nal_units.hpp"

namespace kf::bitstream {

namespace vc1 {
constexpr unsigned field = 0x0C;  // codes of units: a second field
constexpr unsigned frame = 0x0D;
constexpr unsigned entry_point = 0x0E;
constexpr unsigned sequence = 0x0F;
constexpr std::uint32_t field_distance = 1U << 9;  // of an entry point's tools
constexpr std::uint32_t quantiser = 3;
}  // namespace vc1

/// Of the simple and main profiles libavcodec reads the sequence header beside the packets, as there is no other. Of the
/// advanced one too, though packets may bring another; entry-point headers it also takes from packets.
struct Vc1Sequence {
    bool known = false;
    bool advanced = false;
    bool interpolation = false;
    bool range_reduction = false;  // simple and main
    bool b_pictures = true;
    bool interlaced = false;  // advanced
    bool frame_counter = false;
    bool pulldown = false;
    bool postprocessing = false;
    int buffers = 0;  ///< whose fullness entry-point headers say
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

/// What an entry-point header says that later packets are read by.
struct Vc1EntryPoint {
    bool known = false;
    std::uint32_t tools = 0;  ///< all flags but those about the pictures that lead the entry
    bool extended_differences = false;
    std::uint32_t ranges = 0;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    friend bool operator==(const Vc1EntryPoint&, const Vc1EntryPoint&) = default;
};

/// Of the simple and main profiles: SMPTE 421M, annex J.
[[nodiscard]] Vc1Sequence read_vc1_main_sequence(std::span<const std::uint8_t> bytes) noexcept;
/// Of the advanced profile: 6.1.
[[nodiscard]] Vc1Sequence read_vc1_sequence(std::span<const std::uint8_t> payload) noexcept;
/// 6.2. before: what is in force until then.
[[nodiscard]] Vc1EntryPoint read_vc1_entry_point(std::span<const std::uint8_t> payload, const Vc1Sequence& sequence,
                                                 const Vc1EntryPoint& before) noexcept;

/// What a container should have had beside its packets: the headers that this one begins with, sequence and entry point.
/// Empty where it lacks one.
[[nodiscard]] std::span<const std::uint8_t> vc1_headers(std::span<const std::uint8_t> bytes) noexcept;

/// Calls visit(code, payload) for every unit between start codes.
template <class Visit>
void for_each_vc1_unit(std::span<const std::uint8_t> bytes, Visit visit) {
    for (std::size_t at = find_start_code(bytes, 0); at + 3 < bytes.size();) {
        const std::size_t next = find_start_code(bytes, at + 4);
        visit(bytes[at + 3], bytes.subspan(at + 4, next - at - 4));
        at = next;
    }
}

}  // namespace kf::bitstream
