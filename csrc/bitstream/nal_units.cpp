#include "bitstream/nal_units.hpp"

#include <algorithm>
#include <cstring>

namespace kf::bitstream {

std::size_t find_start_code(std::span<const std::uint8_t> bytes, std::size_t from) noexcept {
    for (std::size_t at = from + 2; at < bytes.size();) {
        const void* one = std::memchr(bytes.data() + at, 1, bytes.size() - at);
        if (one == nullptr) break;
        at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(one) - bytes.data());
        if (bytes[at - 1] == 0 && bytes[at - 2] == 0) return at - 2;
        ++at;
    }
    return bytes.size();
}

bool has_hole(Codec codec, std::span<const std::uint8_t> bytes, int nal_length_size) noexcept {
    if (nal_length_size == 0) return false;
    bool broken = false;
    for_each_nal(bytes, nal_length_size, [&](std::span<const std::uint8_t> nal, bool) {
        if (nal.empty()) return;
        const unsigned h264_type = nal[0] & 31U;
        const bool slice = codec == Codec::hevc ? (nal[0] & 0x40) == 0 : h264_type >= 1 && h264_type <= 5;
        if (!slice) return;  // messages of careless muxers are none of a decoder's business
        while (nal.size() > 2 && !broken) {
            const void* zero = std::memchr(nal.data(), 0, nal.size() - 2);
            if (zero == nullptr) return;
            nal = nal.subspan(static_cast<std::size_t>(static_cast<const std::uint8_t*>(zero) - nal.data()));
            const auto end = std::find_if(nal.begin(), nal.end(), [](std::uint8_t byte) { return byte != 0; });
            broken = end - nal.begin() > 2 && end != nal.end();  // at the end they may be padding
            nal = nal.subspan(static_cast<std::size_t>(end - nal.begin()));
        }
    });
    return broken;
}

}  // namespace kf::bitstream
