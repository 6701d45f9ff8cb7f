#include "index/adaptive_coder.hpp"

#include <utility>

namespace kf::index {
namespace {

constexpr int code_bytes = 4;
constexpr int most_direct_bits = 16;  // at a time: what is left of the range still tells them apart

}  // namespace

void AdaptiveBitWriter::shift() {
    if (static_cast<std::uint32_t>(low_) < 0xFF000000U || low_ >> 32 != 0) {
        const auto carry = static_cast<std::uint8_t>(low_ >> 32);
        for (std::uint8_t byte = last_; pending_ != 0; --pending_, byte = 0xFF) {
            bytes_.push_back(static_cast<std::uint8_t>(byte + carry));
        }
        last_ = static_cast<std::uint8_t>(low_ >> 24);
    }
    ++pending_;
    low_ = (low_ & 0x00FFFFFFU) << 8;
}

void AdaptiveBitWriter::fill() {
    while (range_ < shortest_range) {
        range_ <<= 8;
        shift();
    }
}

void AdaptiveBitWriter::bit(AdaptiveBit& model, bool& value) {
    const std::uint32_t bound = (range_ >> AdaptiveBit::precision) * model.zero();
    low_ += value ? bound : 0;
    range_ = value ? range_ - bound : bound;
    fill();
    model.learn(value);
}

void AdaptiveBitWriter::direct(std::uint64_t& value, int count) {
    for (int left = count; left > 0;) {
        const int bits = std::min(left, most_direct_bits);
        left -= bits;
        range_ >>= bits;
        low_ += ((value >> left) & ((1U << bits) - 1)) * range_;
        fill();
    }
}

std::vector<std::uint8_t> AdaptiveBitWriter::finish() {
    for (int i = 0; i <= code_bytes; ++i) shift();
    bytes_.erase(bytes_.begin());  // the place of a carry that cannot come
    return std::move(bytes_);
}

AdaptiveBitReader::AdaptiveBitReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {
    for (int i = 0; i < code_bytes; ++i) code_ = code_ << 8 | next();
}

void AdaptiveBitReader::direct(std::uint64_t& value, int count) noexcept {
    value = 0;
    for (int left = count; left > 0;) {
        const int bits = std::min(left, most_direct_bits);
        left -= bits;
        range_ >>= bits;
        const std::uint32_t part = std::min(code_ / range_, (1U << bits) - 1);  // above it only where the bytes are not ours
        code_ -= part * range_;
        value = value << bits | part;
        fill();
    }
}

}  // namespace kf::index
