#include "bitstream/nal_units.hpp"

#include <cstdint>
#include <cstring>

namespace kf::bitstream {
namespace {

/// Slices alone matter: decoders skip the zeros that some muxers leave in SEI messages.
bool is_slice(Codec codec, Bytes nal) noexcept {
    if (codec == Codec::hevc) return (nal[0] & 0x40) == 0;  // nal_unit_type 0 to 31
    const unsigned type = nal[0] & 31U;
    return type >= 1 && type <= 5;
}

/// Three zeros and then something else; zeros at the end may be padding.
bool has_three_zeros_inside(Bytes nal) noexcept {
    while (nal.size() > 2) {
        const void* zero = std::memchr(nal.data(), 0, nal.size() - 2);
        if (zero == nullptr) return false;
        nal = nal.subspan(static_cast<std::size_t>(static_cast<const std::uint8_t*>(zero) - nal.data()));
        const auto end = std::find_if(nal.begin(), nal.end(), [](std::uint8_t byte) { return byte != 0; });
        if (end - nal.begin() > 2 && end != nal.end()) return true;
        nal = nal.subspan(static_cast<std::size_t>(end - nal.begin()));
    }
    return false;
}

}  // namespace

bool has_hole(Codec codec, Bytes bytes, int nal_length_size) noexcept {
    if (nal_length_size == 0) return false;
    bool found = false;
    for_each_nal(bytes, nal_length_size, [codec, &found](Bytes nal, bool) {
        found = found || (!nal.empty() && is_slice(codec, nal) && has_three_zeros_inside(nal));
    });
    return found;
}

int count_slices(Codec codec, Bytes bytes, int nal_length_size) noexcept {
    int count = 0;
    for_each_nal(bytes, nal_length_size,
                 [codec, &count](Bytes nal, bool) { count += !nal.empty() && is_slice(codec, nal); });
    return count;
}

}  // namespace kf::bitstream
