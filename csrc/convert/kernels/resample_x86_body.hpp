// What the AVX2 and the AVX-512 set share beyond resample_body.hpp: loops whose vectors the compiler would not find.
// Internal linkage keeps the sets apart.
#pragma once

#include <array>
#include <type_traits>

#include "convert/kernels/interleave_x86.hpp"
#include "convert/kernels/resample_body.hpp"

namespace kf::convert {
namespace {

/// `Blocks` vectors at x: sums stay in registers over all taps.
template <class Lanes, int Blocks, class Sample>
inline void blend_at(const std::uint8_t* const* rows, const float* weights, int taps, int x, float* out) noexcept {
    typename Lanes::Floats sums[Blocks];
    const auto product = [&](int t, int block) {
        const Sample* row = reinterpret_cast<const Sample*>(rows[t]) + x + block * Lanes::count;
        return Lanes::multiply(Lanes::all(weights[t]), Lanes::load(row));
    };
    for (int block = 0; block < Blocks; ++block) sums[block] = product(0, block);
    for (int t = 1; t < taps; ++t) {
        for (int block = 0; block < Blocks; ++block) sums[block] = Lanes::add(sums[block], product(t, block));
    }
    for (int block = 0; block < Blocks; ++block) Lanes::store(out + x + block * Lanes::count, sums[block]);
}

template <class Lanes, class Sample>
void blend(const std::uint8_t* const* rows, const float* weights, int taps, int count, float* out) noexcept {
    constexpr int blocks = 4;
    int x = 0;
    for (; x + blocks * Lanes::count <= count; x += blocks * Lanes::count)
        blend_at<Lanes, blocks, Sample>(rows, weights, taps, x, out);
    for (; x + Lanes::count <= count; x += Lanes::count) blend_at<Lanes, 1, Sample>(rows, weights, taps, x, out);
    if (x == count) return;
    if (count >= Lanes::count) return blend_at<Lanes, 1, Sample>(rows, weights, taps, count - Lanes::count, out);
    for (; x < count; ++x) blend_at<OneLane, 1, Sample>(rows, weights, taps, x, out);
}

/// Four outputs come from sixteen bytes, so a shuffle within each 128 bits finds their samples. FixedTaps: 0 for any number;
/// two, bilinear, are by far the most frequent.
template <class Lanes, class Sample, int FixedTaps, std::size_t Lines>
inline void pick_from_quads(const std::array<SampleLine, Lines>& lines, const PickTable& table) noexcept {
    constexpr std::uint32_t next = sizeof(Sample) == 1 ? 1 : 0x0202;  // a place's next sample
    const int taps = FixedTaps ? FixedTaps : table.taps;
    const std::size_t stride = table.stride;
    const std::int32_t* quads = table.quads;
    const std::uint32_t* const all_places = table.places;
    const float* weights = table.weights;
    for (int i = 0, outputs = table.outputs; i < outputs; i += Lanes::count, quads += Lanes::count / 4) {
        auto places = Lanes::load_places(all_places + i);
        auto weight = Lanes::load(weights + i);
        typename Lanes::Bytes bytes[Lines];
        typename Lanes::Floats sums[Lines];
        for (std::size_t n = 0; n < Lines; ++n) {
            bytes[n] = Lanes::load_quads(lines[n].samples, quads);
            sums[n] = Lanes::multiply(weight, Lanes::sample_at(bytes[n], places));
        }
        for (int t = 1; t < taps; ++t) {
            places = Lanes::add_places(places, next);
            weight = Lanes::load(weights + static_cast<std::size_t>(t) * stride + i);
            for (std::size_t n = 0; n < Lines; ++n)
                sums[n] = Lanes::add(sums[n], Lanes::multiply(weight, Lanes::sample_at(bytes[n], places)));
        }
        for (std::size_t n = 0; n < Lines; ++n) Lanes::store(lines[n].out + i, sums[n]);
    }
}

template <class Lanes, class Sample>
void pick_samples(const SampleLine* lines, int count, const PickTable& table) noexcept {
    const auto pick = [&]<int taps>(std::integral_constant<int, taps>) {
        int n = 0;
        for (; n + 2 <= count; n += 2) pick_from_quads<Lanes, Sample, taps, 2>({lines[n], lines[n + 1]}, table);
        if (n < count) pick_from_quads<Lanes, Sample, taps, 1>({lines[n]}, table);
    };
    table.taps == 2 ? pick(std::integral_constant<int, 2>{}) : pick(std::integral_constant<int, 0>{});
}

}  // namespace
}  // namespace kf::convert
