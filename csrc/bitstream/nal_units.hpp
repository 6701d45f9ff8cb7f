// NAL units, as H.264 and HEVC pack them: with start codes or with their length in front. Pure, any thread; never trusts a
// length.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "bitstream/codec.hpp"

namespace kf::bitstream {

/// Bits of a NAL unit's payload, without its emulation prevention bytes. Past the end it reads zeros.
class PayloadBits {
public:
    explicit PayloadBits(std::span<const std::uint8_t> bytes) noexcept : bytes_(bytes) {}

    [[nodiscard]] bool at_end() noexcept {
        skip_prevention();
        return position_ >= bytes_.size();
    }

    unsigned byte() noexcept {
        skip_prevention();
        if (position_ >= bytes_.size()) return 0;
        const unsigned value = bytes_[position_++];
        zeros_ = value == 0 ? zeros_ + 1 : 0;
        return value;
    }

    unsigned bit() noexcept {
        if (bits_left_ == 0) {
            current_ = byte();
            bits_left_ = 8;
        }
        return (current_ >> --bits_left_) & 1U;
    }

    /// At most 32.
    unsigned bits(int count) noexcept {
        unsigned value = 0;
        for (int i = 0; i < count; ++i) value = value << 1 | bit();
        return value;
    }

    /// Exp-Golomb code; 32 or more leading zeros make the largest value.
    unsigned unsigned_golomb() noexcept {
        int zeros = 0;
        while (zeros < 32 && bit() == 0) ++zeros;
        if (zeros == 32) return ~0U;
        unsigned value = 1;
        for (int i = 0; i < zeros; ++i) value = value << 1 | bit();
        return value - 1;
    }

private:
    void skip_prevention() noexcept {
        if (zeros_ >= 2 && position_ < bytes_.size() && bytes_[position_] == 3) {
            ++position_;
            zeros_ = 0;
        }
    }

    std::span<const std::uint8_t> bytes_;
    std::size_t position_ = 0;
    int zeros_ = 0;
    unsigned current_ = 0;
    int bits_left_ = 0;
};

/// Offset of the next 00 00 01 at or after `from`, or the size.
[[nodiscard]] std::size_t find_start_code(std::span<const std::uint8_t> bytes, std::size_t from) noexcept;

/// Whether a slice holds three zeros in a row, which its emulation prevention never leaves: a hole in the file. Only where
/// lengths are in front, for start codes may have zeros between them.
[[nodiscard]] bool has_hole(Codec codec, std::span<const std::uint8_t> bytes, int nal_length_size) noexcept;

/// Calls visit(nal, whole) for every NAL unit of a packet. nal_length_size: bytes of the length before each NAL unit, or 0
/// for start codes.
template <class Visit>
void for_each_nal(std::span<const std::uint8_t> bytes, int nal_length_size, Visit visit) {
    if (nal_length_size == 0) {
        std::size_t start = find_start_code(bytes, 0);
        while (start < bytes.size()) {
            const std::size_t end = find_start_code(bytes, start + 3);
            visit(bytes.subspan(start + 3, end - start - 3), true);
            start = end;
        }
        return;
    }
    while (!bytes.empty()) {
        const std::size_t length_size = std::min(static_cast<std::size_t>(nal_length_size), bytes.size());
        const std::size_t length = base::big_endian(bytes.first(length_size));
        bytes = bytes.subspan(length_size);
        const std::size_t size = std::min(length, bytes.size());
        visit(bytes.first(size), length == size);
        bytes = bytes.subspan(size);
    }
}

}  // namespace kf::bitstream
