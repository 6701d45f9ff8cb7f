// The vertical and horizontal passes of each kernel table are those of the portable table to the bit.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "convert/filter_table.hpp"
#include "convert/horizontal_filter.hpp"
#include "convert/kernels/kernel_table.hpp"
#include "kernel_inputs.hpp"

using namespace kf::convert;
using kf::tests::other_kernel_sets;
using kf::tests::Random;
using kf::tests::Row;
using kf::tests::widest;

namespace {

template <class Sample>
auto vertical_pass_of(const KernelTable& table) {
    return std::is_same_v<Sample, std::uint8_t> ? table.vertical_pass_bytes : table.vertical_pass_words;
}

template <class Sample>
auto horizontal_pass_of(const KernelTable& table) {
    return std::is_same_v<Sample, std::uint8_t> ? table.horizontal_pass_bytes : table.horizontal_pass_words;
}

/// Filters of `outputs` outputs: enlarging, the size kept, shrinking a little and shrinking much.
std::vector<HorizontalFilter> filters(int outputs, bool flip, int sample_bytes) {
    std::vector<HorizontalFilter> all;
    for (const double step : {0.31, 1.0, 1.7, 2.3, 7.9}) {
        const int samples = static_cast<int>(step * outputs) + 1;
        const AxisGeometry axis{0.5 * step - 0.5, step, outputs, 0, samples};
        for (const auto interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
            for (const bool antialias : {false, true}) {
                const FilterTable table = make_filter_table(axis, interpolation, antialias);
                all.push_back(make_horizontal_filter(table, flip, sample_bytes));
            }
        }
    }
    return all;
}

/// Chroma of an unscaled row of `outputs` pixels that begins at a chroma sample (begin is 0) or between two (1).
HorizontalFilter doubling_filter(int outputs, int begin, bool flip) {
    const AxisGeometry axis{3 + begin / 2.0, 0.5, outputs, 3, 3 + (begin + outputs + 1) / 2};
    return make_horizontal_filter(make_filter_table(axis, Interpolation::bilinear, true), flip, 1);
}

}  // namespace

TEST_CASE_TEMPLATE("the vertical pass is the portable one to the bit", Sample, std::uint8_t, std::uint16_t) {
    Random random;
    for (const KernelSet set : other_kernel_sets()) {
        const KernelTable& table = kernel_table(set);
        for (int count = 1; count <= widest; ++count) {
            const auto size = static_cast<std::size_t>(count);
            const std::size_t offset = size % 4;
            for (int taps = 1; taps <= 7; ++taps) {
                std::vector<Row<Sample>> lines;
                std::vector<const std::uint8_t*> rows;
                for (int t = 0; t < taps; ++t) lines.push_back(random.samples<Sample>(size, offset));
                for (const Row<Sample>& line : lines) rows.push_back(reinterpret_cast<const std::uint8_t*>(line.data()));
                const Row<float> weights = random.floats(static_cast<std::size_t>(taps), -0.3F, 1.0F);
                Row<float> expected(size, 0);
                Row<float> out(size, offset);
                vertical_pass_of<Sample>(portable_kernels)(rows.data(), weights.data(), taps, count, expected.data());
                vertical_pass_of<Sample>(table)(rows.data(), weights.data(), taps, count, out.data());
                CAPTURE(static_cast<int>(set));
                CAPTURE(count);
                CAPTURE(taps);
                REQUIRE(out.has_bits_of(expected, size));
                REQUIRE(out.surroundings_are_untouched());
            }
        }
    }
}

TEST_CASE("the horizontal pass of floats is the portable one to the bit") {
    Random random;
    for (const KernelSet set : other_kernel_sets()) {
        for (int outputs = 1; outputs <= widest; ++outputs) {
            for (const HorizontalFilter& filter : filters(outputs, outputs % 2 == 0, 1)) {
                const auto columns = static_cast<std::size_t>(filter.columns);
                const Row<float> line = random.floats(columns + line_padding, 0.0F, 255.0F, columns % 3);
                Row<float> expected(filter.taps.stride, 0);
                Row<float> out(filter.taps.stride, columns % 4);
                portable_kernels.horizontal_pass(line.data(), filter.taps, expected.data());
                kernel_table(set).horizontal_pass(line.data(), filter.taps, out.data());
                CAPTURE(static_cast<int>(set));
                CAPTURE(outputs);
                CAPTURE(filter.taps.taps);
                REQUIRE(out.has_bits_of(expected, static_cast<std::size_t>(outputs)));
                REQUIRE(out.surroundings_are_untouched());
            }
        }
    }
}

TEST_CASE_TEMPLATE("the horizontal pass of samples is the portable one to the bit", Sample, std::uint8_t, std::uint16_t) {
    Random random;
    int with_quads = 0;
    for (const KernelSet set : other_kernel_sets()) {
        for (int outputs = 1; outputs <= widest; ++outputs) {
            for (const HorizontalFilter& filter : filters(outputs, outputs % 2 == 0, sizeof(Sample))) {
                if (filter.taps.quad_starts == nullptr) continue;
                ++with_quads;
                const auto columns = static_cast<std::size_t>(filter.columns);
                for (int count = 1; count <= 4; ++count) {
                    std::vector<Row<Sample>> samples;
                    std::vector<Row<float>> expected;
                    std::vector<Row<float>> out;
                    for (int n = 0; n < count; ++n) {
                        samples.push_back(random.samples<Sample>(columns, static_cast<std::size_t>(n)));
                        expected.emplace_back(filter.taps.stride, 0);
                        out.emplace_back(filter.taps.stride, static_cast<std::size_t>(n));
                    }
                    std::vector<SampleLine> expected_lines;
                    std::vector<SampleLine> lines;
                    for (std::size_t n = 0; n < samples.size(); ++n) {
                        const auto* bytes = reinterpret_cast<const std::uint8_t*>(samples[n].data());
                        expected_lines.push_back({bytes, expected[n].data()});
                        lines.push_back({bytes, out[n].data()});
                    }
                    horizontal_pass_of<Sample>(portable_kernels)(expected_lines.data(), count, filter.taps);
                    horizontal_pass_of<Sample>(kernel_table(set))(lines.data(), count, filter.taps);
                    CAPTURE(static_cast<int>(set));
                    CAPTURE(outputs);
                    CAPTURE(filter.taps.taps);
                    for (std::size_t n = 0; n < samples.size(); ++n) {
                        REQUIRE(out[n].has_bits_of(expected[n], static_cast<std::size_t>(outputs)));
                        REQUIRE(out[n].surroundings_are_untouched());
                    }
                }
            }
        }
    }
    CHECK(with_quads >= 500 * static_cast<int>(other_kernel_sets().size()));
}

TEST_CASE("doubled lines are what the weights say, to the bit") {
    Random random;
    std::vector<KernelSet> sets = other_kernel_sets();
    sets.push_back(KernelSet::portable);
    for (int outputs = 32; outputs <= widest; ++outputs) {
        for (int variant = 0; variant < 4; ++variant) {
            const HorizontalFilter filter = doubling_filter(outputs, variant % 2, variant >= 2);
            CAPTURE(outputs);
            CAPTURE(variant);
            REQUIRE(filter.taps.doubling.last == filter.columns - 1);
            const auto columns = static_cast<std::size_t>(filter.columns);
            const std::array<Row<std::uint8_t>, 3> samples{random.samples<std::uint8_t>(columns, 0),
                                                           random.samples<std::uint8_t>(columns, 1),
                                                           random.samples<std::uint8_t>(columns, 2)};
            for (const KernelSet set : sets) {
                CAPTURE(static_cast<int>(set));
                std::vector<Row<float>> out;
                for (std::size_t n = 0; n < 3; ++n) out.emplace_back(filter.taps.stride, n);
                std::vector<SampleLine> lines;
                for (std::size_t n = 0; n < 3; ++n) lines.push_back({samples[n].data(), out[n].data()});
                kernel_table(set).horizontal_pass_bytes(lines.data(), 3, filter.taps);
                for (std::size_t n = 0; n < 3; ++n) {
                    REQUIRE(out[n].surroundings_are_untouched());
                    for (std::size_t i = 0; i < static_cast<std::size_t>(outputs); ++i) {
                        double sum = 0;
                        for (int t = 0; t < filter.taps.taps; ++t) {
                            const double weight = filter.weights[static_cast<std::size_t>(t) * filter.taps.stride + i];
                            sum += weight * samples[n].data()[filter.first[i] + t];
                        }
                        REQUIRE(double{out[n][i]} == sum);
                    }
                }
            }
        }
    }
}

TEST_CASE("filters that do not double are not taken for doubling") {
    for (const double origin : {0.25, 0.501, -0.5}) {
        const AxisGeometry axis{origin, 0.5, 64, 0, 33};
        const FilterTable table = make_filter_table(axis, Interpolation::bilinear, false);
        CHECK(make_horizontal_filter(table, false, 1).taps.doubling.last == -1);
    }
    const FilterTable cubic = make_filter_table({0, 0.5, 64, 0, 32}, Interpolation::bicubic, false);
    CHECK(make_horizontal_filter(cubic, false, 1).taps.doubling.last == -1);
    const FilterTable doubling = make_filter_table({0, 0.5, 64, 0, 32}, Interpolation::bilinear, false);
    CHECK(make_horizontal_filter(doubling, false, 2).taps.doubling.last == -1);
    CHECK(make_horizontal_filter(doubling, true, 1).taps.doubling.last == 31);
}
