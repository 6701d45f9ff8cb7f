// Bytes in pieces: what is there is read, what is not is noted, and FFmpeg's byte stream stops in front of it.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/error.hpp"
#include "media/pieces.hpp"
#include "media/source_io.hpp"

using kf::media::Pieces;
using kf::media::SourceSpec;

namespace {

constexpr std::int64_t size = 100;

/// The bytes [begin, end) of a source in which each byte is its own position.
Pieces::Piece piece(std::int64_t begin, std::int64_t end) {
    std::vector<std::uint8_t> bytes;
    for (std::int64_t at = begin; at < end; ++at) bytes.push_back(static_cast<std::uint8_t>(at));
    return {begin, kf::media::in_memory(std::move(bytes))};
}

std::shared_ptr<Pieces> pieces(std::vector<Pieces::Piece> all) {
    return std::make_shared<Pieces>("s3://bucket/video", size, std::move(all));
}

std::vector<std::pair<std::int64_t, std::int64_t>> missing(const Pieces& pieces) {
    std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
    for (const auto& [offset, count] : pieces.missing()) ranges.emplace_back(offset, count);
    return ranges;
}

using Ranges = std::vector<std::pair<std::int64_t, std::int64_t>>;

}  // namespace

TEST_CASE("a read may go through pieces that touch, overlap or lie within each other, in any order") {
    const auto all = pieces({piece(30, 60), piece(0, 20), piece(10, 40), piece(35, 38), piece(60, 60)});
    const auto source = kf::media::open_pieces(all);
    CHECK(source->size() == size);
    CHECK(source->identity() == nullptr);
    for (const std::int64_t begin : {0, 5, 19, 20, 29, 36, 59}) {
        std::vector<std::uint8_t> bytes(static_cast<std::size_t>(60 - begin));
        REQUIRE(source->read_at(begin, bytes) == bytes.size());
        for (std::size_t i = 0; i < bytes.size(); ++i) CHECK(bytes[i] == begin + static_cast<std::int64_t>(i));
    }
    CHECK(all->at_hand(0, 1000) == 60);
    CHECK(all->at_hand(10, 7) == 7);
    CHECK(all->at_hand(60, 10) == 0);
    CHECK(missing(*all).empty());
}

TEST_CASE("a read of bytes that are not at hand fails and is noted, with what is expected") {
    const auto all = pieces({piece(0, 10), piece(20, 30)});
    const auto source = kf::media::open_pieces(all);
    std::array<std::uint8_t, 8> bytes{};
    all->expect(22, 4);            // is there
    all->expect(90, 50);           // ends behind the source
    CHECK(missing(*all).empty());  // nothing was missed yet
    CHECK_THROWS_AS((void)source->read_at(5, bytes), kf::base::Failure);
    CHECK_THROWS_AS((void)source->read_at(96, bytes), kf::base::Failure);
    CHECK(missing(*all) == Ranges{{5, 8}, {96, 4}, {90, 10}});
    CHECK(source->read_at(100, bytes) == 0);
    CHECK(source->read_at(-1, bytes) == 0);
}

TEST_CASE("FFmpeg's byte stream reads up to the end of a piece and fails behind it") {
    const auto all = pieces({piece(0, 10)});
    const auto source = kf::media::open_pieces(all);
    kf::media::SourceIo io(*source);
    std::array<std::uint8_t, 10> bytes{};
    REQUIRE(avio_read(io.context(), bytes.data(), 10) == 10);
    CHECK(missing(*all).empty());
    CHECK(avio_r8(io.context()) == 0);
    CHECK_FALSE(io.failure().empty());
    CHECK(missing(*all).front().first == 10);
}

TEST_CASE("a description of pieces has their name and opens them") {
    SourceSpec spec;
    spec.pieces = pieces({piece(0, 100)});
    CHECK(spec.name() == "s3://bucket/video");
    std::array<std::uint8_t, 4> bytes{};
    REQUIRE(kf::media::open_source(spec)->read_at(7, bytes) == 4);
    CHECK(bytes == std::array<std::uint8_t, 4>{7, 8, 9, 10});
}
