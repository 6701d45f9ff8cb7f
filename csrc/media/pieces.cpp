#include "media/pieces.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "base/error.hpp"

namespace kf::media {
namespace {

constexpr std::size_t most_noted = 65536;  // ranges; more are found when the work is submitted again

std::int64_t end_of(const Pieces::Piece& piece) noexcept {
    return piece.offset + static_cast<std::int64_t>(piece.bytes->size());
}

class PiecesSource final : public Source {
public:
    explicit PiecesSource(std::shared_ptr<Pieces> pieces) : pieces_(std::move(pieces)) {}

    [[nodiscard]] std::int64_t size() const noexcept override { return pieces_->size(); }

    [[nodiscard]] std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override {
        if (offset < 0 || offset >= size()) return 0;
        const auto count = std::min(into.size(), static_cast<std::size_t>(size() - offset));
        if (!pieces_->read(offset, into.first(count)))
            throw base::Failure(base::ErrorCode::open, base::Stage::read, "bytes of the object were not fetched");
        return count;
    }

    [[nodiscard]] std::int64_t at_hand(std::int64_t offset, std::int64_t most) const noexcept override {
        return pieces_->at_hand(offset, most);
    }

    void advise(std::int64_t offset, std::int64_t size) const noexcept override { pieces_->expect(offset, size); }
    void expect(std::int64_t offset, std::int64_t size) const noexcept override { pieces_->expect(offset, size); }
    [[nodiscard]] const SourceIdentity* identity() const noexcept override { return nullptr; }

private:
    std::shared_ptr<Pieces> pieces_;
};

}  // namespace

Pieces::Pieces(std::string name, std::int64_t size, std::vector<Piece> pieces)
    : name_(std::move(name)), size_(size), pieces_(std::move(pieces)) {
    std::erase_if(pieces_, [](const Piece& piece) { return piece.bytes->empty(); });
    std::sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) { return a.offset < b.offset; });
    // A piece inside the one before it is not needed. Without such pieces the ends are ascending as well.
    std::vector<Piece> kept;
    for (Piece& piece : pieces_) {
        if (kept.empty() || end_of(piece) > end_of(kept.back())) kept.push_back(std::move(piece));
    }
    pieces_ = std::move(kept);
}

std::int64_t Pieces::at_hand(std::int64_t offset, std::int64_t most) const noexcept {
    auto piece = std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                                  [](std::int64_t at, const Piece& each) { return at < end_of(each); });
    std::int64_t end = offset;
    for (; piece != pieces_.end() && piece->offset <= end && end - offset < most; ++piece) end = end_of(*piece);
    return std::min(end - offset, most);
}

bool Pieces::read(std::int64_t offset, std::span<std::uint8_t> into) {
    const auto wanted = static_cast<std::int64_t>(into.size());
    if (at_hand(offset, wanted) < wanted) {
        const std::scoped_lock lock(mutex_);
        if (missed_.size() < most_noted) missed_.push_back({offset, wanted});
        return false;
    }
    auto piece = std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                                  [](std::int64_t at, const Piece& each) { return at < end_of(each); });
    for (std::int64_t done = 0; done < wanted; ++piece) {
        const std::int64_t inside = offset + done - piece->offset;
        const std::int64_t count = std::min(wanted - done, end_of(*piece) - (offset + done));
        std::memcpy(into.data() + done, piece->bytes->data() + inside, static_cast<std::size_t>(count));
        done += count;
    }
    return true;
}

void Pieces::expect(std::int64_t offset, std::int64_t size) noexcept {
    const std::int64_t begin = std::clamp<std::int64_t>(offset, 0, size_);
    const std::int64_t wanted = std::min(size, size_ - begin);
    if (wanted <= 0 || at_hand(begin, wanted) == wanted) return;
    try {
        const std::scoped_lock lock(mutex_);
        if (expected_.size() < most_noted) expected_.push_back({begin, wanted});
    } catch (...) {  // no memory: the read will miss it
    }
}

std::vector<Pieces::Range> Pieces::missing() const {
    const std::scoped_lock lock(mutex_);
    if (missed_.empty()) return {};
    std::vector<Range> ranges = missed_;
    ranges.insert(ranges.end(), expected_.begin(), expected_.end());
    return ranges;
}

std::unique_ptr<Source> open_pieces(std::shared_ptr<Pieces> pieces) {
    return std::make_unique<PiecesSource>(std::move(pieces));
}

}  // namespace kf::media
