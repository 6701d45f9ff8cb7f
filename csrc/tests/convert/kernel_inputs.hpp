// What the tests of the kernels share: pseudo-random rows at odd addresses, and the kernel tables of this processor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "convert/kernels/kernel_table.hpp"

namespace kf::tests {

constexpr int widest = 130;

/// The tables besides the portable one that this processor can run.
inline std::vector<convert::KernelSet> other_kernel_sets() {
    std::vector<convert::KernelSet> sets;
    for (const auto set : {convert::KernelSet::avx2, convert::KernelSet::avx512}) {
        if (convert::has_kernels(set)) sets.push_back(set);
    }
    return sets;
}

/// A row of values in a longer vector: it begins `offset` values after an aligned address, and what lies around it is known.
template <class Value>
class Row {
public:
    Row(std::size_t count, std::size_t offset) : offset_(offset), count_(count), values_(offset + count + margin) {}

    Value* data() noexcept { return values_.data() + offset_; }
    [[nodiscard]] const Value* data() const noexcept { return values_.data() + offset_; }
    Value& operator[](std::size_t i) noexcept { return values_[offset_ + i]; }
    /// Whether no value but those of the row was written.
    [[nodiscard]] bool surroundings_are_untouched() const noexcept {
        for (std::size_t i = 0; i < values_.size(); ++i) {
            const bool inside = i >= offset_ && i < offset_ + count_;
            if (!inside && values_[i] != Value{}) return false;
        }
        return true;
    }
    [[nodiscard]] bool has_bits_of(const Row& other, std::size_t count) const noexcept {
        return std::memcmp(data(), other.data(), count * sizeof(Value)) == 0;
    }

private:
    static constexpr std::size_t margin = 96;
    std::size_t offset_;
    std::size_t count_;
    std::vector<Value> values_;
};

/// Deterministic: the standard says what std::mt19937 gives, and the values are made of its numbers by hand.
class Random {
public:
    template <class Value>
    Row<Value> samples(std::size_t count, std::size_t offset = 0,
                       std::uint32_t largest = std::numeric_limits<Value>::max()) {
        Row<Value> row(count, offset);
        for (std::size_t i = 0; i < count; ++i) row[i] = static_cast<Value>(engine_() % (largest + std::uint64_t{1}));
        return row;
    }
    /// Floats in [low, high).
    Row<float> floats(std::size_t count, float low, float high, std::size_t offset = 0) {
        Row<float> row(count, offset);
        for (std::size_t i = 0; i < count; ++i) row[i] = number(low, high);
        return row;
    }
    float number(float low, float high) { return low + (high - low) * static_cast<float>(engine_() >> 8U) / 16777216.0F; }

private:
    std::mt19937 engine_{20261130};
};

}  // namespace kf::tests
