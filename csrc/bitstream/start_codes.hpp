// The scanner for start codes: the bytes 00 00 01 in front of every NAL unit of a byte stream (ITU-T H.264, annex B) and of
// every header of MPEG-1, MPEG-2, MPEG-4 and VC-1. Pure; any thread; never reads outside of the given bytes.
#pragma once

#include <cstddef>

#include "base/bytes.hpp"

namespace kf::bitstream {

using base::Bytes;

/// Offset of the first 00 00 01 at or after `from`; the size where there is none.
[[nodiscard]] std::size_t find_start_code(Bytes bytes, std::size_t from) noexcept;

/// Calls visit(unit, rest) for every start code. Both begin behind 00 00 01; `unit` ends at the next start code and is empty
/// where two of them overlap, `rest` ends where the bytes end.
template <class Visit>
void for_each_start_code(Bytes bytes, Visit visit) {
    std::size_t at = find_start_code(bytes, 0);
    while (at < bytes.size()) {
        const Bytes rest = bytes.subspan(at + 3);
        at = find_start_code(bytes, at + 3);
        visit(rest.first(rest.size() - (bytes.size() - at)), rest);
    }
}

}  // namespace kf::bitstream
