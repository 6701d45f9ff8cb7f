// Numbers as file formats write them in bytes. Pure; any thread; never reads outside of the given bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace kf::base {

using Bytes = std::span<const std::uint8_t>;

/// The number whose most significant byte comes first.
[[nodiscard]] constexpr std::size_t big_endian(Bytes bytes) noexcept {
    std::size_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8 | byte;
    return value;
}

}  // namespace kf::base
