// FFmpeg's byte stream is read through libavformat's own calls.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "../memory_source.hpp"
#include "base/error.hpp"
#include "media/source_io.hpp"

using kf::media::SourceIo;
using kf::tests::ByteVector;

namespace {

ByteVector counting(std::size_t size) {
    ByteVector bytes(size);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{1});
    return bytes;
}

/// Notes what is read, gives no more than `available` bytes, and fails at or after `fails_from`.
class WatchedSource final : public kf::media::Source {
public:
    explicit WatchedSource(ByteVector bytes) : bytes_(std::move(bytes)) {}

    [[nodiscard]] std::int64_t size() const noexcept override { return static_cast<std::int64_t>(bytes_.size()); }
    [[nodiscard]] std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override {
        if (offset >= fails_from)
            throw kf::base::Failure(kf::base::ErrorCode::open, kf::base::Stage::read, "the file cannot be read",
                                    "I/O error");
        const auto end = std::min(offset + static_cast<std::int64_t>(into.size()), available);
        if (end <= offset) return 0;
        reads.emplace_back(offset, end);
        std::copy(bytes_.begin() + offset, bytes_.begin() + end, into.begin());
        return static_cast<std::size_t>(end - offset);
    }
    void advise(std::int64_t, std::int64_t) const noexcept override {}
    [[nodiscard]] const kf::media::SourceIdentity* identity() const noexcept override { return nullptr; }

    std::int64_t available = INT64_MAX;
    std::int64_t fails_from = INT64_MAX;
    mutable std::vector<std::pair<std::int64_t, std::int64_t>> reads;

private:
    ByteVector bytes_;
};

/// Up to `size` bytes from where the stream is.
ByteVector read(SourceIo& io, int size) {
    ByteVector bytes(static_cast<std::size_t>(size));
    const int got = avio_read(io.context(), bytes.data(), size);
    bytes.resize(static_cast<std::size_t>(std::max(got, 0)));
    return bytes;
}

}  // namespace

TEST_CASE("a source is read from any position") {
    const ByteVector bytes = counting(200'000);
    const auto source = kf::tests::memory_source(bytes);
    SourceIo io(*source);
    CHECK(avio_size(io.context()) == 200'000);
    CHECK(read(io, 200'000) == bytes);
    CHECK(read(io, 1).empty());
    REQUIRE(avio_seek(io.context(), 150'000, SEEK_SET) == 150'000);
    CHECK(read(io, 10) == ByteVector(bytes.begin() + 150'000, bytes.begin() + 150'010));
    CHECK(avio_seek(io.context(), -1, SEEK_SET) < 0);
    CHECK(io.failure().empty());
}

TEST_CASE("skipped bytes are zeros and are never read from the source") {
    ByteVector expected = counting(300);
    const WatchedSource source(expected);
    SourceIo io(source);
    io.skip({{200, 250}, {50, 60}, {55, 100}, {100, 110}});  // unordered, overlapping, touching
    std::fill(expected.begin() + 50, expected.begin() + 110, std::uint8_t{0});
    std::fill(expected.begin() + 200, expected.begin() + 250, std::uint8_t{0});
    CHECK(read(io, 300) == expected);
    for (const auto& [begin, end] : source.reads) {
        CHECK((end <= 50 || begin >= 110));
        CHECK((end <= 200 || begin >= 250));
    }
}

TEST_CASE("a range may begin and end beyond the source") {
    const WatchedSource source(counting(100));
    SourceIo io(source);
    io.skip({{90, 1000}, {2000, 3000}});
    ByteVector expected = counting(100);
    std::fill(expected.begin() + 90, expected.end(), std::uint8_t{0});
    CHECK(read(io, 300) == expected);
}

TEST_CASE("a source that has become shorter ends early") {
    const ByteVector bytes = counting(100'000);
    WatchedSource source(bytes);
    source.available = 70'001;
    SourceIo io(source);
    CHECK(read(io, 100'000) == ByteVector(bytes.begin(), bytes.begin() + 70'001));
    CHECK(read(io, 1).empty());
    CHECK(io.failure().empty());
}

TEST_CASE("a read that fails is an I/O error to FFmpeg, and its reason is kept") {
    WatchedSource source(counting(1000));
    source.fails_from = 0;
    SourceIo io(source);
    std::uint8_t byte = 0;
    CHECK(avio_read(io.context(), &byte, 1) == AVERROR(EIO));
    CHECK(io.failure() == "the file cannot be read: I/O error");
}
