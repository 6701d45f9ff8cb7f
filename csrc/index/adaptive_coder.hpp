// Numbers in few bits: binary arithmetic coding (the range coder of LZMA) whose probabilities adapt to what came before.
// Models are written once, for both directions: `AdaptiveBitWriter` takes what it is given, `AdaptiveBitReader` fills it in.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace kf::index {

/// How likely the next bit is 0, learned from those before; the first ones count most.
class AdaptiveBit {
public:
    static constexpr unsigned precision = 12;
    [[nodiscard]] std::uint32_t zero() const noexcept { return zero_; }
    void learn(bool bit) noexcept {
        const int target = bit ? least : one - least;
        zero_ = static_cast<std::uint16_t>(zero_ + (((target - zero_) * rates[seen_]) >> rate_bits));
        if (seen_ + 1U < rates.size()) ++seen_;
    }

private:
    static constexpr int one = 1 << precision;
    static constexpr int least = one / 256;  // also bounds how much a few bytes can be made to say
    static constexpr int rate_bits = 16;
    static constexpr std::array<int, 17> rates = [] {
        std::array<int, 17> shares{};
        for (int seen = 0; seen < 17; ++seen) shares[static_cast<std::size_t>(seen)] = (1 << rate_bits) / (seen + 2);
        return shares;
    }();
    std::uint16_t zero_ = one / 2;
    std::uint16_t seen_ = 0;
};

constexpr std::uint32_t shortest_range = 1U << 24;

class AdaptiveBitWriter {
public:
    void bit(AdaptiveBit& model, bool& value);
    /// The lower `count` bits, each as likely 0 as 1.
    void direct(std::uint64_t& value, int count);
    /// All bytes. Call it once, at the end.
    [[nodiscard]] std::vector<std::uint8_t> finish();

private:
    void fill();
    void shift();
    std::uint64_t low_ = 0;
    std::uint32_t range_ = UINT32_MAX;
    std::uint64_t pending_ = 1;  // bytes that a carry may still change
    std::uint8_t last_ = 0;
    std::vector<std::uint8_t> bytes_;
};

class AdaptiveBitReader {
public:
    explicit AdaptiveBitReader(std::span<const std::uint8_t> bytes);
    void bit(AdaptiveBit& model, bool& value) noexcept {
        const std::uint32_t bound = (range_ >> AdaptiveBit::precision) * model.zero();
        value = code_ >= bound;
        code_ -= value ? bound : 0;
        range_ = value ? range_ - bound : bound;
        fill();
        model.learn(value);
    }
    void direct(std::uint64_t& value, int count) noexcept;
    /// Whether more has been read than there is: then nothing that was read means anything.
    [[nodiscard]] bool overrun() const noexcept { return at_ > bytes_.size(); }
    [[nodiscard]] bool at_end() const noexcept { return at_ == bytes_.size(); }

private:
    void fill() noexcept {
        while (range_ < shortest_range) {
            range_ <<= 8;
            code_ = code_ << 8 | next();
        }
    }
    [[nodiscard]] std::uint8_t next() noexcept {
        const std::size_t at = at_++;
        return at < bytes_.size() ? bytes_[at] : std::uint8_t{0};
    }
    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
    std::uint32_t range_ = UINT32_MAX;
    std::uint32_t code_ = 0;
};

/// A value of `count` bits, most significant first, each bit's model chosen by those before it. tree: 2^count models.
template <class Coder>
void code_tree(Coder& coder, AdaptiveBit* tree, int count, std::uint64_t& value) {
    std::uint64_t node = 1;
    for (int shift = count - 1; shift >= 0; --shift) {
        bool bit = ((value >> shift) & 1) != 0;
        coder.bit(tree[node], bit);
        node = node * 2 + (bit ? 1 : 0);
    }
    value = node - (std::uint64_t{1} << count);
}

/// Numbers below 2^63: their length, then their leading bits are learned.
template <int learned_bits>
class NumberModel {
public:
    template <class Coder>
    void code(Coder& coder, std::uint64_t& value) {
        std::uint64_t length = static_cast<std::uint64_t>(std::bit_width(value));
        code_tree(coder, length_.data(), length_bits, length);
        if (length < 2) {
            value = length;
            return;
        }
        const int rest = static_cast<int>(length) - 1;
        const int learned = std::min(rest, learned_bits);
        const int plain = rest - learned;
        std::uint64_t top = (value >> plain) & ((std::uint64_t{1} << learned) - 1);
        code_tree(coder, top_[length].data(), learned, top);
        std::uint64_t low = value & ((std::uint64_t{1} << plain) - 1);
        coder.direct(low, plain);
        value = std::uint64_t{1} << rest | top << plain | low;
    }

private:
    static constexpr int length_bits = 6;
    std::array<AdaptiveBit, 1 << length_bits> length_;
    std::array<std::array<AdaptiveBit, 1 << learned_bits>, 1 << length_bits> top_;
};

/// Numbers of which few differ, in a pattern: each is told by which of those it is, given the two before.
class PatternModel {
public:
    template <class Coder>
    void code(Coder& coder, std::uint64_t& value) {
        const auto found = std::find(known_.begin(), known_.begin() + count_, value);
        std::uint64_t symbol =
            found == known_.begin() + count_ ? unknown : static_cast<std::uint64_t>(found - known_.begin());
        code_tree(coder, symbols_[before_[0]][before_[1]].data(), symbol_bits, symbol);
        if (symbol < static_cast<std::uint64_t>(count_)) {
            value = known_[symbol];
        } else {
            unknown_.code(coder, value);
            if (count_ < unknown) known_[static_cast<std::size_t>(count_++)] = value;
        }
        before_ = {before_[1], static_cast<std::size_t>(symbol)};
    }
    /// The place of the last one: a context for what depends on it.
    [[nodiscard]] std::size_t symbol() const noexcept { return before_[1]; }

    static constexpr int symbol_bits = 4;
    static constexpr int unknown = (1 << symbol_bits) - 1;

private:
    using Tree = std::array<AdaptiveBit, 1 << symbol_bits>;
    std::array<std::uint64_t, unknown> known_{};
    int count_ = 0;
    std::array<std::size_t, 2> before_{unknown, unknown};
    std::array<std::array<Tree, 1 << symbol_bits>, 1 << symbol_bits> symbols_;
    NumberModel<4> unknown_;
};

}  // namespace kf::index
