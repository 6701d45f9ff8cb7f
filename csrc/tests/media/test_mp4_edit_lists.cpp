// Boxes are made by hand as ISO/IEC 14496-12 has them: 32 bits of size, four letters, then the content.
#include <doctest/doctest.h>

#include <cstdint>
#include <string_view>

#include "../memory_source.hpp"
#include "media/mp4_edit_lists.hpp"

using kf::tests::ByteVector;

namespace {

void append_number(ByteVector& bytes, std::uint64_t value, int count) {
    for (int i = count - 1; i >= 0; --i) bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

ByteVector box(std::string_view type, const ByteVector& content) {
    ByteVector bytes;
    append_number(bytes, content.size() + 8, 4);
    bytes.insert(bytes.end(), type.begin(), type.end());
    bytes.insert(bytes.end(), content.begin(), content.end());
    return bytes;
}

/// An edit list that says it has `count` entries and has `entries` of 12 bytes.
ByteVector edit_list(std::uint32_t count, std::size_t entries) {
    ByteVector content(4);  // version and flags
    append_number(content, count, 4);
    content.resize(content.size() + 12 * entries);
    return box("elst", content);
}

ByteVector track(std::uint32_t count, std::size_t entries) {
    return box("trak", box("edts", edit_list(count, entries)));
}

std::int64_t longest(ByteVector bytes) {
    return kf::media::longest_edit_list(*kf::tests::memory_source(std::move(bytes)));
}

ByteVector operator+(ByteVector a, const ByteVector& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

}  // namespace

TEST_CASE("the longest edit list of all tracks counts") {
    const ByteVector file =
        box("ftyp", ByteVector(8)) + box("mdat", ByteVector(100)) + box("moov", track(2, 2) + track(5, 5));
    CHECK(longest(file) == 5);
}

TEST_CASE("an edit list that claims more entries than its box holds is counted by the box") {
    CHECK(longest(box("moov", track(1'000'000'000, 3))) <= 4);
    CHECK(longest(box("moov", track(1'000'000'000, 3))) >= 3);
}

TEST_CASE("a box may have a size of 64 bits, or reach to the end of the file") {
    const ByteVector content = track(3, 3);
    ByteVector large;
    append_number(large, 1, 4);
    for (const char letter : std::string_view("moov")) large.push_back(static_cast<std::uint8_t>(letter));
    append_number(large, content.size() + 16, 8);
    CHECK(longest(large + content) == 3);
    ByteVector open = box("moov", content);
    open[2] = open[3] = 0;
    CHECK(longest(open) == 3);
}

TEST_CASE("where there is no edit list there are no edits") {
    CHECK(longest(box("moov", box("trak", box("tkhd", ByteVector(80))))) == 0);
    CHECK(longest({'R', 'I', 'F', 'F', 0, 0, 0, 0}) == 0);
    CHECK(longest({}) == 0);
}

TEST_CASE("a box that is smaller than its own header ends the walk") {
    ByteVector endless = box("free", {});
    endless[3] = 4;
    CHECK(longest(endless + box("moov", track(2, 2))) == 0);
}
