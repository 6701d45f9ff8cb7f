// Elements are made by hand as RFC 8794 has them: the ID, a size of 8 bytes, then the content.
#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>

#include "../memory_source.hpp"
#include "media/matroska_encryption.hpp"

using kf::tests::ByteVector;

namespace {

constexpr std::uint32_t segment = 0x18538067;
constexpr std::uint32_t cluster = 0x1F43B675;
constexpr std::uint32_t tracks = 0x1654AE6B;

ByteVector joined(std::initializer_list<ByteVector> parts) {
    ByteVector all;
    for (const ByteVector& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

ByteVector header(std::uint32_t id, std::uint64_t size) {
    ByteVector bytes;
    for (int shift = 24; shift >= 0; shift -= 8) {
        if (id >> shift != 0) bytes.push_back(static_cast<std::uint8_t>(id >> shift));
    }
    bytes.push_back(1);
    for (int shift = 48; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(size >> shift));
    return bytes;
}

ByteVector element(std::uint32_t id, const ByteVector& content) {
    return joined({header(id, content.size()), content});
}

ByteVector track(std::uint8_t type, const ByteVector& more) {
    return element(0xAE, joined({element(0x83, {type}), more}));
}

ByteVector encodings(const ByteVector& content) {
    return element(0x6D80, element(0x6240, content));
}

ByteVector encryption() {
    return encodings(joined({element(0x5033, {1}), element(0x5035, element(0x47E1, {5}))}));
}

ByteVector compression() {
    return encodings(element(0x5034, element(0x4254, {3})));
}

bool encrypted(const ByteVector& file, int place = 0) {
    return kf::media::is_encrypted_track(*kf::tests::memory_source(file), place);
}

ByteVector file(const ByteVector& list) {
    return joined({element(0x1A45DFA3, ByteVector(20)), element(segment, element(tracks, list))});
}

}  // namespace

TEST_CASE("a track with an encoding that is an encryption is encrypted") {
    CHECK(encrypted(file(track(1, encryption()))));
    CHECK(encrypted(file(track(1, encodings(element(0x5033, {1}))))));
    CHECK(encrypted(file(track(1, encodings(element(0x5035, {}))))));
    CHECK_FALSE(encrypted(file(track(1, compression()))));
    CHECK_FALSE(encrypted(file(track(1, {}))));
}

TEST_CASE("only the video track of the place counts") {
    const ByteVector list = joined({track(2, encryption()), track(1, compression()), track(1, encryption())});
    CHECK_FALSE(encrypted(file(list), 0));
    CHECK(encrypted(file(list), 1));
    CHECK_FALSE(encrypted(file(list), 2));
}

TEST_CASE("the tracks may come behind other elements and in a segment of unknown size") {
    const std::uint64_t unknown = (std::uint64_t{1} << 56) - 1;
    const ByteVector list = element(tracks, track(1, encryption()));
    CHECK(encrypted(joined({header(segment, unknown), element(cluster, ByteVector(100)), list})));
}

TEST_CASE("bytes that are no elements, or sizes that lie, end the search") {
    CHECK_FALSE(encrypted(ByteVector(1000)));
    CHECK_FALSE(encrypted({}));
    CHECK(encrypted(joined({header(segment, 1 << 30), header(tracks, 1 << 29), track(1, encryption())})));
    const ByteVector whole = file(track(1, encryption()));
    for (std::size_t size = 0; size < whole.size(); ++size)
        (void)encrypted(ByteVector(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    ByteVector nested;
    for (int depth = 0; depth < 100; ++depth) nested = element(0x6D80, nested);
    CHECK_FALSE(encrypted(file(track(1, nested))));
}
