// float_row and byte_row of every kernel table, written once over Lanes: a type per instruction set that says how many
// floats it handles at a time, and how. The source file of each table includes this header, so that the loops are compiled
// for its instruction set. Internal linkage keeps the tables apart.
#pragma once

#include <algorithm>

#include "convert/kernels/kernel_table.hpp"

namespace kf::convert {
namespace {

/// One float at a time, for rows that are shorter than a vector.
struct OneLane {
    static constexpr int count = 1;
    using Floats = float;
    static float load(const float* from) noexcept { return *from; }
    static float load(const std::uint8_t* from) noexcept { return static_cast<float>(*from); }
    static float load(const std::uint16_t* from) noexcept { return static_cast<float>(*from); }
    static float broadcast(float value) noexcept { return value; }
    static float add(float a, float b) noexcept { return a + b; }
    static float multiply(float a, float b) noexcept { return a * b; }
    static float multiply_add(float a, float b, float c) noexcept {
#ifdef __FMA__
        return __builtin_fmaf(a, b, c);
#else
        return a * b + c;
#endif
    }
    static float max(float a, float b) noexcept { return std::max(a, b); }
    static float min(float a, float b) noexcept { return std::min(a, b); }
    static void store(float* to, float value) noexcept { *to = value; }
    static void stream(float* to, float value) noexcept { *to = value; }
    static void store_bytes(std::uint8_t* to, float value) noexcept {
        *to = static_cast<std::uint8_t>(std::clamp(static_cast<std::int32_t>(value), 0, 255));
    }
};

/// Calls body(lanes, x) for each vector of a row. The last vector ends where the row ends: it overlaps the vector before it
/// and computes some values again. A row that is shorter than a vector is handled value by value.
template <class Lanes, class Body>
inline void over_row(int count, const Body& body) noexcept {
    int x = 0;
    for (; x + Lanes::count <= count; x += Lanes::count) body(Lanes{}, x);
    if (x == count) return;
    if (count >= Lanes::count) return body(Lanes{}, count - Lanes::count);
    for (; x < count; ++x) body(OneLane{}, x);
}

/// a * b + c, rounded twice in every instruction set, because bytes must be the same in all of them.
struct Strict {
    template <class Lanes, class Value>
    static Value multiply_add(Lanes, Value a, Value b, Value c) noexcept {
        return Lanes::add(Lanes::multiply(a, b), c);
    }
};

/// a * b + c, rounded once where the instruction set has a fused multiply-add.
struct Contracted {
    template <class Lanes, class Value>
    static Value multiply_add(Lanes, Value a, Value b, Value c) noexcept {
        return Lanes::multiply_add(a, b, c);
    }
};

/// Reads the sum of a pair of lines.
template <class Arithmetic>
struct PairSum {
    LinePair pair;
    template <class Lanes>
    auto operator()(Lanes lanes, int x) const noexcept {
        const auto second = Lanes::multiply(Lanes::load(pair.second + x), Lanes::broadcast(pair.second_weight));
        return Arithmetic::multiply_add(lanes, Lanes::load(pair.first + x), Lanes::broadcast(pair.first_weight), second);
    }
};

/// Reads luma as it lies in its plane.
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
    const PairSum<Arithmetic> u{lines.planes[1]};
    const PairSum<Arithmetic> v{lines.planes[2]};
    over_row<Lanes>(count, [&](auto by, int x) {
        using By = decltype(by);
        const auto luma = y(by, x);
        const auto cb = u(by, x);
        const auto cr = v(by, x);
        const auto sum = [&](auto value, float factor, auto rest) {
            return Arithmetic::multiply_add(by, value, By::broadcast(factor), rest);
        };
        store(by, red, reds + x, sum(luma, red.y, sum(cr, red.v, By::broadcast(red.constant))));
        store(by, green, greens + x, sum(luma, green.y, sum(cb, green.u, sum(cr, green.v, By::broadcast(green.constant)))));
        store(by, blue, blues + x, sum(luma, blue.y, sum(cb, blue.u, By::broadcast(blue.constant))));
    });
}

/// Reads luma from its plane where `lines` says so, from its line of floats elsewhere.
template <class Arithmetic, class Lanes, class Value, class Store>
inline void color_row(const PlaneLines& lines, int count, const ColorMixes& mixes, const ColorLines<Value>& out,
                      const Store& store) noexcept {
    if (lines.luma_bytes != nullptr) {
        color_row<Arithmetic, Lanes>(ByteLine{lines.luma_bytes}, lines, count, mixes, out, store);
    } else {
        color_row<Arithmetic, Lanes>(PairSum<Arithmetic>{lines.planes[0]}, lines, count, mixes, out, store);
    }
}

/// Non-temporal stores take whole vectors at aligned addresses only.
template <class Lanes>
inline bool can_stream(const ColorLines<float>& out, int count) noexcept {
    constexpr std::size_t bytes = Lanes::count * sizeof(float);
    const auto addresses = reinterpret_cast<std::uintptr_t>(out[0]) | reinterpret_cast<std::uintptr_t>(out[1]) |
                           reinterpret_cast<std::uintptr_t>(out[2]);
    return addresses % bytes == 0 && count % Lanes::count == 0;
}

template <class Lanes>
void float_row(const PlaneLines& lines, int count, const ColorMixes& mixes, const ColorLines<float>& out,
               bool non_temporal) noexcept {
    const auto within = [](auto by, const ColorMix& mix, auto value) {
        using By = decltype(by);
        return By::min(By::max(value, By::broadcast(mix.low)), By::broadcast(mix.high));
    };
    if (non_temporal && can_stream<Lanes>(out, count)) {
        // An ordinary store first reads the cache line that it overwrites, which costs more than the arithmetic.
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
