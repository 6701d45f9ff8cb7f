// Converts a float to IEEE 754 binary16 or to bfloat16, ties to even, for processors that have no instruction for it. Pure,
// any thread.
#pragma once

#include <bit>
#include <cstdint>

namespace kf::convert {

[[nodiscard]] inline std::uint16_t to_half(float value) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000U);
    const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    if (magnitude >= 0x47800000U) return static_cast<std::uint16_t>(sign | (magnitude > 0x7F800000U ? 0x7E00U : 0x7C00U));
    if (magnitude < 0x38800000U) {  // Subnormal as a half: adding 0.5 makes the float unit shift and round.
        const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
        return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3F000000U));
    }
    const std::uint32_t rounded = magnitude - 0x38000000U + 0xFFFU + (magnitude >> 13 & 1U);
    return static_cast<std::uint16_t>(sign | rounded >> 13);
}

/// bfloat16 is the upper half of a float.
[[nodiscard]] inline std::uint16_t to_bfloat(float value) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    if ((bits & 0x7FFFFFFFU) > 0x7F800000U) return static_cast<std::uint16_t>(bits >> 16 | 0x40U);  // a quiet NaN
    return static_cast<std::uint16_t>((bits + 0x7FFFU + (bits >> 16 & 1U)) >> 16);
}

}  // namespace kf::convert
