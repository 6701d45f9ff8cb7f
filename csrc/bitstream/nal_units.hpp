// NAL units, as H.264 and HEVC store them in a packet: behind start codes (ITU-T H.264, annex B) or behind their length
// (ISO/IEC 14496-15). Pure; any thread; never trusts a length.
#pragma once

#include <algorithm>
#include <cstddef>

#include "base/bytes.hpp"
#include "bitstream/codec.hpp"
#include "bitstream/start_codes.hpp"

namespace kf::bitstream {

/// Calls visit(nal, whole) for every NAL unit of a packet; not `whole` is one whose length goes beyond the packet.
/// nal_length_size: bytes of the length in front of each NAL unit, or 0 for start codes.
template <class Visit>
void for_each_nal(Bytes bytes, int nal_length_size, Visit visit) {
    if (nal_length_size == 0) {
        for_each_start_code(bytes, [&visit](Bytes unit, Bytes) { visit(unit, true); });
        return;
    }
    while (!bytes.empty()) {
        const std::size_t length_size = std::min(static_cast<std::size_t>(nal_length_size), bytes.size());
        const std::size_t length = base::big_endian(bytes.first(length_size));
        bytes = bytes.subspan(length_size);
        const std::size_t size = std::min(length, bytes.size());
        visit(bytes.first(size), length == size);
        bytes = bytes.subspan(size);
    }
}

/// Whether a slice holds three zeros in a row, which emulation prevention never leaves (ITU-T H.264, 7.4.1): a part of the
/// file was never written. Tells only where lengths are in front, because zeros may stand between NAL units with start
/// codes.
[[nodiscard]] bool has_hole(Codec codec, Bytes bytes, int nal_length_size) noexcept;

/// How many NAL units of a packet are slices or parts of slices.
[[nodiscard]] int count_slices(Codec codec, Bytes bytes, int nal_length_size) noexcept;

}  // namespace kf::bitstream
