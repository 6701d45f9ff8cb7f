#include "base/nal_units.hpp"

#include <cstring>

namespace kf {

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

std::size_t big_endian(std::span<const std::uint8_t> bytes) noexcept {
    std::size_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8 | byte;
    return value;
}

}  // namespace kf
