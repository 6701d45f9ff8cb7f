// The loops that every set of resample kernels shares, over the Lanes that the set brings: so many floats at a time, and
// what can be done with them. Each set includes this once; internal linkage keeps the sets apart.
#pragma once

#include <algorithm>

#include "convert/kernels/resample_kernels.hpp"

namespace kf::convert {
namespace {

/// One float, as the other sets' lanes are: for portable code and for rows that are too short.
struct OneLane {
    static constexpr int count = 1;
    using Floats = float;
    static float load(const float* from) noexcept { return *from; }
    static float load(const std::uint8_t* from) noexcept { return static_cast<float>(*from); }
    static float load(const std::uint16_t* from) noexcept { return static_cast<float>(*from); }
    static float all(float value) noexcept { return value; }
    static float add(float a, float b) noexcept { return a + b; }
    static float multiply(float a, float b) noexcept { return a * b; }
    static float multiply_add(float a, float b, float c) noexcept {
#ifdef __FMA__
        return __builtin_fmaf(a, b, c);
#else
        return a * b + c;
#endif
    }
    static float larger(float a, float b) noexcept { return std::max(a, b); }
    static float smaller(float a, float b) noexcept { return std::min(a, b); }
    static void store(float* to, float value) noexcept { *to = value; }
    static void stream(float* to, float value) noexcept { *to = value; }
    static void store_bytes(std::uint8_t* to, float value) noexcept {
        *to = static_cast<std::uint8_t>(std::clamp(static_cast<std::int32_t>(value), 0, 255));
    }
};

/// Calls body with every x that is a multiple of the lanes' count, and for the rest with an x that lies over the one before
/// it and gives the same values again; a row shorter than that goes one value at a time. body takes the lanes, then x.
template <class Lanes, class Body>
inline void over_row(int count, const Body& body) noexcept {
    int x = 0;
    for (; x + Lanes::count <= count; x += Lanes::count) body(Lanes{}, x);
    if (x == count) return;
    if (count >= Lanes::count) return body(Lanes{}, count - Lanes::count);
    for (; x < count; ++x) body(OneLane{}, x);
}

/// A * b + c as bytes need it: two roundings in every set.
struct Strict {
    template <class Lanes, class Value>
    static Value multiply_add(Lanes, Value a, Value b, Value c) noexcept {
        return Lanes::add(Lanes::multiply(a, b), c);
    }
};

/// Contracted where the instruction set can.
struct Contracted {
    template <class Lanes, class Value>
    static Value multiply_add(Lanes, Value a, Value b, Value c) noexcept {
        return Lanes::multiply_add(a, b, c);
    }
};

/// One line of PlaneLines, value by value.
template <class Arithmetic>
struct MergedLine {
    LinePair pair;
    template <class Lanes>
    auto operator()(Lanes lanes, int x) const noexcept {
        const auto second = Lanes::multiply(Lanes::load(pair.second + x), Lanes::all(pair.second_weight));
        return Arithmetic::multiply_add(lanes, Lanes::load(pair.first + x), Lanes::all(pair.first_weight), second);
    }
};

struct ByteLine {
    const std::uint8_t* line;
    template <class Lanes>
    auto operator()(Lanes, int x) const noexcept {
        return Lanes::load(line + x);
    }
};

/// Calls store(lanes, mix, out + x, value) for each colour of each x.
template <class Arithmetic, class Lanes, class Luma, class Value, class Store>
inline void color_row(const Luma& y, const PlaneLines& lines, int count, const ColorMixes& mixes,
                      const ColorLines<Value>& out, const Store& store) noexcept {
    const ColorMix red = mixes.red;
    const ColorMix green = mixes.green;
    const ColorMix blue = mixes.blue;
    Value* const reds = out[0];
    Value* const greens = out[1];
    Value* const blues = out[2];
    const MergedLine<Arithmetic> u{lines.planes[1]};
    const MergedLine<Arithmetic> v{lines.planes[2]};
    over_row<Lanes>(count, [&](auto by, int x) {
        using By = decltype(by);
        const auto luma = y(by, x);
        const auto cb = u(by, x);
        const auto cr = v(by, x);
        const auto sum = [&](auto value, float factor, auto rest) {
            return Arithmetic::multiply_add(by, value, By::all(factor), rest);
        };
        store(by, red, reds + x, sum(luma, red.y, sum(cr, red.v, By::all(red.constant))));
        store(by, green, greens + x, sum(luma, green.y, sum(cb, green.u, sum(cr, green.v, By::all(green.constant)))));
        store(by, blue, blues + x, sum(luma, blue.y, sum(cb, blue.u, By::all(blue.constant))));
    });
}

/// With luma from where it lies.
template <class Arithmetic, class Lanes, class Value, class Store>
inline void color_row(const PlaneLines& lines, int count, const ColorMixes& mixes, const ColorLines<Value>& out,
                      const Store& store) noexcept {
    if (lines.luma_bytes != nullptr) {
        color_row<Arithmetic, Lanes>(ByteLine{lines.luma_bytes}, lines, count, mixes, out, store);
    } else {
        color_row<Arithmetic, Lanes>(MergedLine<Arithmetic>{lines.planes[0]}, lines, count, mixes, out, store);
    }
}

/// Past the cache only whole vectors that are aligned are written.
template <class Lanes>
inline bool can_stream(const ColorLines<float>& out, int count) noexcept {
    constexpr std::size_t bytes = Lanes::count * sizeof(float);
    const auto addresses = reinterpret_cast<std::uintptr_t>(out[0]) | reinterpret_cast<std::uintptr_t>(out[1]) |
                           reinterpret_cast<std::uintptr_t>(out[2]);
    return addresses % bytes == 0 && count % Lanes::count == 0;
}

template <class Lanes>
void float_row(const PlaneLines& lines, int count, const ColorMixes& mixes, const ColorLines<float>& out,
               bool past_cache) noexcept {
    const auto within = [](auto by, const ColorMix& mix, auto value) {
        using By = decltype(by);
        return By::smaller(By::larger(value, By::all(mix.low)), By::all(mix.high));
    };
    if (past_cache && can_stream<Lanes>(out, count)) {
        // What would be fetched to be overwritten costs more than the arithmetic.
        color_row<Contracted, Lanes>(lines, count, mixes, out, [&](auto by, const ColorMix& mix, float* to, auto value) {
            decltype(by)::stream(to, within(by, mix, value));
        });
        return;
    }
    color_row<Contracted, Lanes>(lines, count, mixes, out, [&](auto by, const ColorMix& mix, float* to, auto value) {
        decltype(by)::store(to, within(by, mix, value));
    });
}

template <class Lanes>
void byte_row(const PlaneLines& lines, int count, const ColorMixes& mixes, const ColorLines<std::uint8_t>& out) noexcept {
    color_row<Strict, Lanes>(lines, count, mixes, out, [](auto by, const ColorMix&, std::uint8_t* to, auto value) {
        decltype(by)::store_bytes(to, value);
    });
}

}  // namespace
}  // namespace kf::convert
