// The numbers of a saved index: little-endian base-128 varints, signed ones folded so that small magnitudes take few bytes.
// The reader throws Failure (corrupt, index) on anything that is not one. Header only; any thread, one owner; never trusts a
// length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace kf::index {

class VarintWriter {
public:
    void number(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<std::uint8_t>(value | 0x80));
        bytes_.push_back(static_cast<std::uint8_t>(value));
    }
    void signed_number(std::int64_t value) {
        number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
    }
    /// The size, then the bytes.
    template <class Range>
    void string(const Range& range) {
        number(range.size());
        append(range);
    }
    template <class Range>
    void append(const Range& range) {
        bytes_.insert(bytes_.end(), range.begin(), range.end());
    }
    [[nodiscard]] std::vector<std::uint8_t> take() noexcept { return std::move(bytes_); }

private:
    std::vector<std::uint8_t> bytes_;
};

class VarintReader {
public:
    explicit VarintReader(base::Bytes bytes) noexcept : bytes_(bytes) {}

    [[noreturn]] static void refuse(const std::string& why) {
        throw base::Failure(base::ErrorCode::corrupt, base::Stage::index,
                            "the saved frame index is not valid: " + why + "; build it anew");
    }

    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (bytes_.empty()) refuse("it ends too soon");
            const std::uint64_t byte = bytes_.front();
            bytes_ = bytes_.subspan(1);
            value |= (byte & 0x7F) << shift;
            if (byte < 0x80) return value;
        }
        refuse("a number is too long");
    }
    std::int64_t signed_number() {
        const std::uint64_t value = number();
        return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
    }
    std::int64_t within(std::int64_t low, std::int64_t high, const char* why) {
        const std::int64_t value = signed_number();
        if (value < low || value > high) refuse(why);
        return value;
    }
    std::int32_t small(std::int32_t low, std::int32_t high, const char* why) {
        return static_cast<std::int32_t>(within(low, high, why));
    }
    /// The number of things that take at least `bytes_each`, so that a wrong count cannot ask for memory without bytes
    /// behind it.
    std::size_t count(std::size_t bytes_each, std::size_t most) {
        const std::uint64_t value = number();
        if (value > bytes_.size() / bytes_each || value > most) refuse("a count is larger than the index");
        return static_cast<std::size_t>(value);
    }
    base::Bytes take(std::size_t size) {
        if (size > bytes_.size()) refuse("it ends too soon");
        const base::Bytes part = bytes_.first(size);
        bytes_ = bytes_.subspan(size);
        return part;
    }
    base::Bytes string() { return take(static_cast<std::size_t>(number())); }
    /// Bytes that are left.
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }

private:
    base::Bytes bytes_;
};

}  // namespace kf::index
