// A source whose bytes are brought in pieces: the bytes of an object in a store, as far as somebody fetched them. Nothing
// here fetches or waits. A read of bytes that are not at hand fails, and the range is noted, so that whoever submitted the
// work fetches the range and submits the work again. `Pieces` owns the bytes; they never change. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "media/source.hpp"

namespace kf::media {

class Pieces {
public:
    struct Piece {
        std::int64_t offset = 0;
        std::shared_ptr<const base::Bytes> bytes;
    };
    struct Range {
        std::int64_t offset = 0;
        std::int64_t size = 0;
    };

    /// name: for messages. size: of the whole source. The pieces may come in any order and overlap.
    Pieces(std::string name, std::int64_t size, std::vector<Piece> pieces);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::int64_t size() const noexcept { return size_; }

    /// How many bytes from this offset on are at hand, at most `most`.
    [[nodiscard]] std::int64_t at_hand(std::int64_t offset, std::int64_t most) const noexcept;
    /// Fills `into`. False where not all of the bytes are at hand; the range is then noted as missed.
    [[nodiscard]] bool read(std::int64_t offset, std::span<std::uint8_t> into);
    /// Notes a range that will be read soon, as far as it is not at hand.
    void expect(std::int64_t offset, std::int64_t size) noexcept;

    /// The ranges that reads missed and, behind them, those that are expected. Empty where no read missed anything: what was
    /// computed from the source is then what the whole source gives. Otherwise it is worth nothing, whatever it looks like.
    [[nodiscard]] std::vector<Range> missing() const;

private:
    const std::string name_;
    const std::int64_t size_;
    std::vector<Piece> pieces_;  // ascending by offset
    mutable std::mutex mutex_;
    std::vector<Range> missed_;
    std::vector<Range> expected_;
};

[[nodiscard]] std::unique_ptr<Source> open_pieces(std::shared_ptr<Pieces> pieces);

}  // namespace kf::media
