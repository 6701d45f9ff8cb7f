// Pseudo-random choices that are seeded by the bytes of an input. The same input always asks for the same frames and pixels,
// and a corpus holds plain video files without a header of ours.
#pragma once

#include <cstdint>
#include <random>
#include <span>

namespace kf::fuzz {

/// Whether every input gets every check: true in replay.cpp, which has few inputs, false in fuzzing.cpp.
extern const bool every_check;

class Draw {
public:
    explicit Draw(std::span<const std::uint8_t> bytes) {
        std::uint64_t seed = 0xCBF29CE484222325;  // FNV-1a
        for (const std::uint8_t byte : bytes) seed = (seed ^ byte) * 0x100000001B3;
        engine_.seed(seed);
    }

    /// A number from low to high, both included.
    [[nodiscard]] std::int64_t number(std::int64_t low, std::int64_t high) {
        const auto count = static_cast<std::uint64_t>(high - low) + 1;
        return low + static_cast<std::int64_t>(engine_() % count);
    }
    /// Whether an expensive check runs: for `few` of `many` inputs, or for all where every_check is set.
    [[nodiscard]] bool chance(std::int64_t few, std::int64_t many) {
        const bool drawn = number(1, many) <= few;
        return every_check || drawn;
    }
    template <class Enum>
    [[nodiscard]] Enum one_of(Enum last) {
        return static_cast<Enum>(number(0, static_cast<std::int64_t>(last)));
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace kf::fuzz
