#include "bitstream/start_codes.hpp"

#include <cstdint>
#include <cstring>

namespace kf::bitstream {

std::size_t find_start_code(Bytes bytes, std::size_t from) noexcept {
    for (std::size_t at = from + 2; at < bytes.size();) {
        const void* one = std::memchr(bytes.data() + at, 1, bytes.size() - at);
        if (one == nullptr) break;
        at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(one) - bytes.data());
        if (bytes[at - 1] == 0 && bytes[at - 2] == 0) return at - 2;
        ++at;
    }
    return bytes.size();
}

}  // namespace kf::bitstream
