// Bits of bytes, most significant first; past the end there are zeros. Header only, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace kf::bitstream {

class BitReader {
public:
    explicit BitReader(std::span<const std::uint8_t> bytes) noexcept : bytes_(bytes) {}

    unsigned bit() noexcept {
        const std::size_t byte = position_ / 8;
        const unsigned value = byte < bytes_.size() ? bytes_[byte] >> (7 - position_ % 8) & 1U : 0;
        ++position_;
        return value;
    }
    bool flag() noexcept { return bit() != 0; }
    /// At most 32.
    std::uint32_t bits(int count) noexcept {
        std::uint32_t value = 0;
        for (int i = 0; i < count; ++i) value = value << 1 | bit();
        return value;
    }
    void skip(std::size_t count) noexcept { position_ += count; }
    /// Whether more was read than there is.
    [[nodiscard]] bool past_end() const noexcept { return position_ > bytes_.size() * 8; }

private:
    std::span<const std::uint8_t> bytes_;
    std::size_t position_ = 0;
};

}  // namespace kf::bitstream
