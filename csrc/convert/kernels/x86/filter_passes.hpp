// The vertical and the horizontal passes of the AVX2 and the AVX-512 table, over Lanes as in color_rows.hpp. Internal
// linkage keeps the tables apart.
#pragma once

#include <array>
#include <type_traits>

#include "convert/kernels/color_rows.hpp"
#include "convert/kernels/x86/interleave.hpp"

namespace kf::convert {
namespace {

/// Makes `Blocks` vectors of outputs from x on; their sums stay in registers over all taps.
template <class Lanes, int Blocks, class Sample>
inline void vertical_pass_at(const std::uint8_t* const* rows, const float* weights, int taps, int x, float* out) noexcept {
    typename Lanes::Floats sums[Blocks];
    const auto product = [&](int t, int block) {
        const Sample* row = reinterpret_cast<const Sample*>(rows[t]) + x + block * Lanes::count;
        return Lanes::multiply(Lanes::broadcast(weights[t]), Lanes::load(row));
    };
    for (int block = 0; block < Blocks; ++block) sums[block] = product(0, block);
    for (int t = 1; t < taps; ++t) {
        for (int block = 0; block < Blocks; ++block) sums[block] = Lanes::add(sums[block], product(t, block));
    }
    for (int block = 0; block < Blocks; ++block) Lanes::store(out + x + block * Lanes::count, sums[block]);
}

template <class Lanes, class Sample>
void vertical_pass(const std::uint8_t* const* rows, const float* weights, int taps, int count, float* out) noexcept {
    constexpr int blocks = 4;
    int x = 0;
    for (; x + blocks * Lanes::count <= count; x += blocks * Lanes::count)
        vertical_pass_at<Lanes, blocks, Sample>(rows, weights, taps, x, out);
    for (; x + Lanes::count <= count; x += Lanes::count) vertical_pass_at<Lanes, 1, Sample>(rows, weights, taps, x, out);
    if (x == count) return;
    if (count >= Lanes::count) return vertical_pass_at<Lanes, 1, Sample>(rows, weights, taps, count - Lanes::count, out);
    for (; x < count; ++x) vertical_pass_at<OneLane, 1, Sample>(rows, weights, taps, x, out);
}

/// The samples of four outputs lie in sixteen bytes, so that a shuffle within each 128 bits selects them. FixedTaps is the
/// number of taps, or 0 for any number; two taps (bilinear) are by far the most frequent.
template <class Lanes, class Sample, int FixedTaps, std::size_t Lines>
inline void horizontal_pass_of_quads(const std::array<SampleLine, Lines>& lines, const HorizontalTaps& all) noexcept {
    constexpr std::uint32_t next = sizeof(Sample) == 1 ? 1 : 0x0202;  // from the shuffle of a sample to that of the next
    const int taps = FixedTaps ? FixedTaps : all.taps;
    const std::size_t stride = all.stride;
    const std::int32_t* quad_starts = all.quad_starts;
    const std::uint32_t* const all_shuffles = all.shuffles;
    const float* weights = all.weights;
    for (int i = 0, outputs = all.outputs; i < outputs; i += Lanes::count, quad_starts += Lanes::count / 4) {
        auto shuffles = Lanes::load_shuffles(all_shuffles + i);
        auto weight = Lanes::load(weights + i);
        typename Lanes::Bytes bytes[Lines];
        typename Lanes::Floats sums[Lines];
        for (std::size_t n = 0; n < Lines; ++n) {
            bytes[n] = Lanes::load_quads(lines[n].samples, quad_starts);
            sums[n] = Lanes::multiply(weight, Lanes::sample_at(bytes[n], shuffles));
        }
        for (int t = 1; t < taps; ++t) {
            shuffles = Lanes::add_to_shuffles(shuffles, next);
            weight = Lanes::load(weights + static_cast<std::size_t>(t) * stride + i);
            for (std::size_t n = 0; n < Lines; ++n)
                sums[n] = Lanes::add(sums[n], Lanes::multiply(weight, Lanes::sample_at(bytes[n], shuffles)));
        }
        for (std::size_t n = 0; n < Lines; ++n) Lanes::store(lines[n].out + i, sums[n]);
    }
}

/// Each output is half the sum of two bytes. The samples of sixteen outputs lie in sixteen bytes.
template <class Lanes, std::size_t Lines>
inline void double_lines(const std::array<SampleLine, Lines>& lines, const HorizontalTaps& taps) noexcept {
    const std::int32_t* start = taps.doubling.starts;
    const std::uint32_t* shuffles = taps.doubling.shuffles;
    for (std::ptrdiff_t block = 0, outputs = taps.outputs; block < outputs; block += 16, ++start, shuffles += 16) {
        typename Lanes::Bytes bytes[Lines];
        for (std::size_t n = 0; n < Lines; ++n) bytes[n] = Lanes::load_block(lines[n].samples + *start);
        for (std::ptrdiff_t i = 0; i < 16; i += Lanes::count) {
            const auto of_lanes = Lanes::load_shuffles(shuffles + i);
            for (std::size_t n = 0; n < Lines; ++n) {
                const auto sums = Lanes::pair_sums(bytes[n], of_lanes);
                Lanes::store(lines[n].out + block + i, Lanes::multiply(Lanes::broadcast(0.5F), sums));
            }
        }
    }
}

template <class Lanes, class Sample>
void horizontal_pass_of_samples(const SampleLine* lines, int count, const HorizontalTaps& taps) noexcept {
    if (sizeof(Sample) == 1 && taps.doubling.last >= 0) {
        int n = 0;
        for (; n + 2 <= count; n += 2) double_lines<Lanes, 2>({lines[n], lines[n + 1]}, taps);
        if (n < count) double_lines<Lanes, 1>({lines[n]}, taps);
        return;
    }
    const auto pass = [&]<int fixed_taps>(std::integral_constant<int, fixed_taps>) {
        int n = 0;
        for (; n + 2 <= count; n += 2)
            horizontal_pass_of_quads<Lanes, Sample, fixed_taps, 2>({lines[n], lines[n + 1]}, taps);
        if (n < count) horizontal_pass_of_quads<Lanes, Sample, fixed_taps, 1>({lines[n]}, taps);
    };
    taps.taps == 2 ? pass(std::integral_constant<int, 2>{}) : pass(std::integral_constant<int, 0>{});
}

}  // namespace
}  // namespace kf::convert
