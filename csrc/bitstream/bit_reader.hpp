// Reads the syntax elements of video headers bit by bit, most significant bit first. BitReader reads bytes as they are;
// RbspReader leaves out the emulation prevention bytes of a NAL unit. Both read zeros past the end, so a parser needs no
// check of its own before each element. Header only. One owner, any thread; never reads outside of the given bytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace kf::bitstream {

using base::Bytes;

/// is_nal_unit: a 3 behind two zeros is an emulation_prevention_three_byte and no part of the payload (ITU-T H.264, 7.4.1).
template <bool is_nal_unit>
class BasicBitReader {
public:
    explicit BasicBitReader(Bytes bytes) noexcept : bytes_(bytes) {}

    unsigned bit() noexcept {
        if (bits_left_ == 0) take_byte();
        return current_ >> --bits_left_ & 1U;
    }
    bool flag() noexcept { return bit() != 0; }

    /// u(count); at most 32.
    std::uint32_t bits(int count) noexcept {
        std::uint32_t value = 0;
        while (count > 0) {
            if (bits_left_ == 0) take_byte();
            const int taken = std::min(count, bits_left_);
            bits_left_ -= taken;
            count -= taken;
            value = value << taken | (current_ >> bits_left_ & ((1U << taken) - 1));
        }
        return value;
    }

    void skip(std::size_t count) noexcept {
        for (; count > 32 && !past_end_; count -= 32) (void)bits(32);
        (void)bits(static_cast<int>(std::min<std::size_t>(count, 32)));
    }

    /// ue(v) of ITU-T H.264, 9.1, and uvlc() of AV1, 4.10.3; 32 or more leading zeros make the largest value.
    std::uint32_t ue() noexcept {
        int zeros = 0;
        while (zeros < 32 && bit() == 0) ++zeros;
        return zeros == 32 ? UINT32_MAX : bits(zeros) + (1U << zeros) - 1;
    }

    /// se(v) of ITU-T H.264, 9.1.1.
    std::int32_t se() noexcept {
        const std::uint32_t code = ue();
        const auto magnitude = static_cast<std::int32_t>(code / 2 + code % 2);
        return code % 2 != 0 ? magnitude : -magnitude;
    }

    /// Whether no byte is left behind the one that is being read.
    [[nodiscard]] bool at_end() const noexcept { return next_byte() >= bytes_.size(); }
    /// Whether more bits were read than there are.
    [[nodiscard]] bool past_end() const noexcept { return past_end_; }

private:
    [[nodiscard]] std::size_t next_byte() const noexcept {
        const bool prevents = is_nal_unit && zeros_ >= 2 && position_ < bytes_.size() && bytes_[position_] == 3;
        return prevents ? position_ + 1 : position_;
    }

    void take_byte() noexcept {
        const std::size_t at = next_byte();
        if (at != position_) zeros_ = 0;
        past_end_ = at >= bytes_.size();
        current_ = past_end_ ? 0 : bytes_[at];
        position_ = past_end_ ? at : at + 1;
        zeros_ = current_ == 0 ? zeros_ + 1 : 0;
        bits_left_ = 8;
    }

    Bytes bytes_;
    std::size_t position_ = 0;
    int zeros_ = 0;  // bytes of 0 read last
    unsigned current_ = 0;
    int bits_left_ = 0;
    bool past_end_ = false;
};

using BitReader = BasicBitReader<false>;
using RbspReader = BasicBitReader<true>;

}  // namespace kf::bitstream
