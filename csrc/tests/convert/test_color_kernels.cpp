// The colour rows of each kernel table against those of the portable table: bytes to the bit, floats to the last place.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "convert/kernels/kernel_table.hpp"
#include "kernel_inputs.hpp"

using namespace kf::convert;
using kf::tests::other_kernel_sets;
using kf::tests::Random;
using kf::tests::Row;
using kf::tests::widest;

namespace {

const float last_place = std::nextafter(255.0F, 256.0F) - 255.0F;

/// BT.709 in limited range, plus the half that rounds. The bounds are those of levels.
constexpr ColorMixes mixes{{1.16438F, 0, 1.79274F, -247.601F, 0, 255},
                           {1.16438F, -0.213249F, -0.532909F, 77.3832F, 0, 255},
                           {1.16438F, 2.1124F, 0, -288.518F, 0, 255}};

/// Lines of three planes, as a Resampler gives them: luma as bytes or a pair of lines, chroma pairs of lines.
struct Lines {
    Lines(Random& random, int count, bool as_bytes)
        : luma(random.samples<std::uint8_t>(static_cast<std::size_t>(count), static_cast<std::size_t>(count) % 3)) {
        for (int n = 0; n < 6; ++n)
            floats.push_back(random.floats(static_cast<std::size_t>(count), 0, 255, static_cast<std::size_t>(n)));
        const float weight = random.number(0, 1);
        for (std::size_t p = 0; p < 3; ++p)
            lines.planes[p] = {floats[2 * p].data(), floats[2 * p + 1].data(), weight, 1 - weight};
        if (as_bytes) lines.luma_bytes = luma.data();
    }
    Row<std::uint8_t> luma;
    std::vector<Row<float>> floats;
    PlaneLines lines;
};

/// Three lines for red, green and blue.
template <class Value>
struct Colors {
    Colors(int count, std::size_t offset) : rows(3, Row<Value>(static_cast<std::size_t>(count), offset)) {}
    ColorLines<Value> lines() { return {rows[0].data(), rows[1].data(), rows[2].data()}; }
    [[nodiscard]] bool surroundings_are_untouched() const {
        return std::ranges::all_of(rows, [](const Row<Value>& row) { return row.surroundings_are_untouched(); });
    }
    std::vector<Row<Value>> rows;
};

}  // namespace

TEST_CASE("byte rows are the portable ones to the bit") {
    Random random;
    for (const KernelSet set : other_kernel_sets()) {
        for (int count = 1; count <= widest; ++count) {
            for (const bool as_bytes : {false, true}) {
                const Lines in(random, count, as_bytes);
                Colors<std::uint8_t> expected(count, 0);
                Colors<std::uint8_t> out(count, static_cast<std::size_t>(count) % 5);
                portable_kernels.byte_row(in.lines, count, mixes, expected.lines());
                kernel_table(set).byte_row(in.lines, count, mixes, out.lines());
                CAPTURE(static_cast<int>(set));
                CAPTURE(count);
                for (std::size_t c = 0; c < 3; ++c)
                    REQUIRE(out.rows[c].has_bits_of(expected.rows[c], static_cast<std::size_t>(count)));
                REQUIRE(out.surroundings_are_untouched());
            }
        }
    }
}

TEST_CASE("float rows are the portable ones but for four units in the last place of 255") {
    Random random;
    for (const KernelSet set : other_kernel_sets()) {
        for (int count = 1; count <= widest; ++count) {
            for (const bool as_bytes : {false, true}) {
                const Lines in(random, count, as_bytes);
                Colors<float> expected(count, 0);
                Colors<float> out(count, static_cast<std::size_t>(count) % 5);
                portable_kernels.float_row(in.lines, count, mixes, expected.lines(), false);
                kernel_table(set).float_row(in.lines, count, mixes, out.lines(), false);
                CAPTURE(static_cast<int>(set));
                CAPTURE(count);
                for (std::size_t c = 0; c < 3; ++c) {
                    for (std::size_t x = 0; x < static_cast<std::size_t>(count); ++x)
                        REQUIRE(std::abs(out.rows[c][x] - expected.rows[c][x]) <= 4 * last_place);
                }
                REQUIRE(out.surroundings_are_untouched());
            }
        }
    }
}

TEST_CASE("non-temporal stores write the same floats, aligned or not") {
    Random random;
    std::vector<KernelSet> sets = other_kernel_sets();
    sets.push_back(KernelSet::portable);
    for (const KernelSet set : sets) {
        for (int count = 1; count <= widest; ++count) {
            const Lines in(random, count, count % 2 == 0);
            alignas(64) std::array<std::array<float, 160>, 3> stored{};
            alignas(64) std::array<std::array<float, 160>, 3> streamed{};
            for (std::size_t offset : {0U, 16U, 1U}) {
                const auto lines = [offset](auto& rows) {
                    return ColorLines<float>{rows[0].data() + offset, rows[1].data() + offset, rows[2].data() + offset};
                };
                kernel_table(set).float_row(in.lines, count, mixes, lines(stored), false);
                kernel_table(set).float_row(in.lines, count, mixes, lines(streamed), true);
                CAPTURE(static_cast<int>(set));
                CAPTURE(count);
                REQUIRE(stored == streamed);
            }
        }
    }
}

TEST_CASE("halves are rounded to even in every table") {
    // Every half, the middle between it and the next one, and the floats beside these.
    std::vector<float> values;
    for (int exponent = -26; exponent <= 16; ++exponent) {
        for (int step = 0; step < 2048; ++step) {
            const float middle = std::ldexp(1.0F + static_cast<float>(step) / 2048, exponent);
            values.insert(values.end(), {middle, std::nextafter(middle, 0.0F), std::nextafter(middle, 1e9F), -middle});
        }
    }
    values.insert(values.end(), {0.0F, -0.0F, std::numeric_limits<float>::infinity(), 65504.0F, 65519.0F, 65520.0F});
    const int count = static_cast<int>(values.size());
    std::vector<std::uint16_t> expected(values.size());
    portable_kernels.store_halves(values.data(), count, expected.data());
    CHECK(expected.back() == 0x7C00);                // 65520 lies half way to what would be 65536
    CHECK(expected[expected.size() - 2] == 0x7BFF);  // 65504, the largest half
    for (const KernelSet set : other_kernel_sets()) {
        std::vector<std::uint16_t> out(values.size());
        kernel_table(set).store_halves(values.data(), count, out.data());
        CHECK(out == expected);
    }
}

TEST_CASE("halves of every width and offset") {
    Random random;
    for (const KernelSet set : other_kernel_sets()) {
        for (int count = 1; count <= widest; ++count) {
            const auto size = static_cast<std::size_t>(count);
            const Row<float> line = random.floats(size, -3, 3, size % 3);
            Row<std::uint16_t> expected(size, 0);
            Row<std::uint16_t> out(size, size % 5);
            portable_kernels.store_halves(line.data(), count, expected.data());
            kernel_table(set).store_halves(line.data(), count, out.data());
            REQUIRE(out.has_bits_of(expected, size));
            REQUIRE(out.surroundings_are_untouched());
        }
    }
}

TEST_CASE("bfloats are rounded to even in every table") {
    // 1 + 2^-8 lies half way between 1 and the next bfloat16, 1 + 3 * 2^-8 between that one and its next.
    const std::array<std::pair<float, int>, 9> known{{{0.0F, 0},
                                                      {-0.0F, 0x8000},
                                                      {1.0F, 0x3F80},
                                                      {1.00390625F, 0x3F80},
                                                      {1.01171875F, 0x3F82},
                                                      {std::nextafter(1.00390625F, 2.0F), 0x3F81},
                                                      {-1.01171875F, 0xBF82},
                                                      {std::numeric_limits<float>::max(), 0x7F80},
                                                      {std::numeric_limits<float>::quiet_NaN(), 0x7FC0}}};
    Random random;
    for (int count = 1; count <= widest; ++count) {
        const auto size = static_cast<std::size_t>(count);
        Row<float> line = random.floats(size, -3, 3, size % 3);
        for (std::size_t i = 0; i < std::min(size, known.size()); ++i) line[i] = known[i].first;
        Row<std::uint16_t> expected(size, 0);
        portable_kernels.store_bfloats(line.data(), count, expected.data());
        for (std::size_t i = 0; i < std::min(size, known.size()); ++i) REQUIRE(expected[i] == known[i].second);
        for (const KernelSet set : other_kernel_sets()) {
            Row<std::uint16_t> out(size, size % 5);
            kernel_table(set).store_bfloats(line.data(), count, out.data());
            REQUIRE(out.has_bits_of(expected, size));
            REQUIRE(out.surroundings_are_untouched());
        }
    }
}

TEST_CASE("interleaving packs three lines") {
    Random random;
    std::vector<KernelSet> sets = other_kernel_sets();
    sets.push_back(KernelSet::portable);
    for (const KernelSet set : sets) {
        for (int count = 1; count <= widest; ++count) {
            const auto size = static_cast<std::size_t>(count);
            Row<std::uint8_t> lines[] = {random.samples<std::uint8_t>(size, 1), random.samples<std::uint8_t>(size, 3),
                                         random.samples<std::uint8_t>(size, 0)};
            Row<std::uint8_t> out(3 * size, size % 3);
            kernel_table(set).interleave(lines[0].data(), lines[1].data(), lines[2].data(), count, out.data());
            for (std::size_t i = 0; i < 3 * size; ++i) REQUIRE(out[i] == lines[i % 3][i / 3]);
            REQUIRE(out.surroundings_are_untouched());
        }
    }
}

namespace {

/// The row in every order of channels and columns.
void check_unscaled_row(KernelSet set, const UnscaledRow& row, const FixedPointMatrix& matrix) {
    const auto width = static_cast<std::size_t>(row.width);
    for (const bool bgr : {false, true}) {
        for (const bool packed : {false, true}) {
            for (const bool mirrored : {false, true}) {
                Row<std::uint8_t> expected(3 * width, 0);
                Row<std::uint8_t> out(3 * width, width % 3);
                const std::ptrdiff_t pixel = packed ? 3 : 1;
                const auto pixels = [&](Row<std::uint8_t>& target) {
                    std::uint8_t* const first = target.data() + (mirrored ? (row.width - 1) * pixel : 0);
                    return UnscaledPixels{first, mirrored ? -pixel : pixel, packed ? 1 : row.width, bgr};
                };
                portable_kernels.unscaled_row(row, matrix, pixels(expected));
                kernel_table(set).unscaled_row(row, matrix, pixels(out));
                CAPTURE(static_cast<int>(set));
                CAPTURE(row.width);
                REQUIRE(out.has_bits_of(expected, 3 * width));
                REQUIRE(out.surroundings_are_untouched());
            }
        }
    }
}

}  // namespace

TEST_CASE("unscaled rows are the portable ones to the bit") {
    Random random;
    constexpr FixedPointMatrix limited{16, 19077, 13075, -3209, -6660, 16525};  // BT.601
    constexpr FixedPointMatrix full{0, 16384, 11485, -2819, -5850, 14516};
    for (const KernelSet set : other_kernel_sets()) {
        for (int width = 1; width <= widest; ++width) {
            for (const FixedPointMatrix& matrix : {limited, full}) {
                const auto size = static_cast<std::size_t>(width);
                const auto chroma = (size + 2) / 2;
                const auto luma = random.samples<std::uint8_t>(size, size % 5);
                const Row<std::uint8_t> planes[] = {
                    random.samples<std::uint8_t>(chroma, 1), random.samples<std::uint8_t>(chroma, 2),
                    random.samples<std::uint8_t>(chroma, 3), random.samples<std::uint8_t>(chroma, 0)};
                UnscaledRow row{luma.data(), planes[0].data(), planes[1].data(), planes[2].data(), planes[3].data(), width};
                for (const bool odd : {false, true}) {
                    row.begins_odd = odd;
                    check_unscaled_row(set, row, matrix);
                }
            }
        }
    }
}
