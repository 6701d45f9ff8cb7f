// The numbers of a saved index.
#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "index/varint.hpp"

using namespace kf::index;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

Bytes written(std::uint64_t value) {
    VarintWriter writer;
    writer.number(value);
    return writer.take();
}

}  // namespace

TEST_CASE("seven bits go into a byte, the lowest first") {
    CHECK(written(0) == Bytes{0});
    CHECK(written(127) == Bytes{0x7F});
    CHECK(written(128) == Bytes{0x80, 0x01});
    CHECK(written(300) == Bytes{0xAC, 0x02});
    CHECK(written(UINT64_MAX).size() == 10);
}

TEST_CASE("signed numbers near 0 take one byte") {
    for (const std::int64_t value : {0, -1, 1, -64, 63}) {
        VarintWriter writer;
        writer.signed_number(value);
        CHECK(writer.take().size() == 1);
    }
}

TEST_CASE("every number is read as it was written") {
    VarintWriter writer;
    const std::vector<std::int64_t> values{0, -1, 1, 63, 64, -65, 1 << 20, least, greatest, least + 1};
    for (const std::int64_t value : values) writer.signed_number(value);
    writer.number(UINT64_MAX);
    const Bytes bytes = writer.take();
    VarintReader reader(bytes);
    for (const std::int64_t value : values) CHECK(reader.signed_number() == value);
    CHECK(reader.number() == UINT64_MAX);
    CHECK(reader.size() == 0);
}

TEST_CASE("a number that does not end is refused") {
    const Bytes cut{0x80};
    CHECK_THROWS_AS(VarintReader(cut).number(), kf::base::Failure);
    const Bytes endless(11, 0x80);
    CHECK_THROWS_AS(VarintReader(endless).number(), kf::base::Failure);
    CHECK_THROWS_AS(VarintReader({}).number(), kf::base::Failure);
}

TEST_CASE("a string that is longer than the bytes is refused") {
    CHECK_THROWS_AS(VarintReader(Bytes{4, 'a', 'b', 'c'}).string(), kf::base::Failure);
    CHECK(VarintReader(Bytes{2, 'a', 'b', 'c'}).string().size() == 2);
}

TEST_CASE("a count of more things than the bytes can hold is refused, so that it cannot ask for memory") {
    const Bytes bytes{3, 1, 1, 1, 1, 1, 1, 1, 1};  // a count and eight bytes
    CHECK(VarintReader(bytes).count(2, 100) == 3);
    CHECK_THROWS_AS(VarintReader(bytes).count(3, 100), kf::base::Failure);
    CHECK_THROWS_AS(VarintReader(bytes).count(2, 2), kf::base::Failure);
}
