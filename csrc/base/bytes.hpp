// Numbers as file formats write them in bytes. Pure, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace kf::base {

/// The most significant byte comes first.
[[nodiscard]] constexpr std::size_t big_endian(std::span<const std::uint8_t> bytes) noexcept {
    std::size_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8 | byte;
    return value;
}

}  // namespace kf::base
