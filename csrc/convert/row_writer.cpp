#include "convert/row_writer.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "convert/kernels/short_floats.hpp"

namespace kf::convert {
namespace {

template <class Store>
void store_strided(const float* line, int width, std::uint8_t* target, std::ptrdiff_t stride, Store store) noexcept {
    for (int x = 0; x < width; ++x, target += stride) {
        const auto value = store(line[x]);
        std::memcpy(target, &value, sizeof value);
    }
}

/// One colour in 0..255 as a linear function of the three lines.
struct LevelMix {
    double y;
    double u;
    double v;
    double constant;
};

/// Red, green and blue. Of RGB planes, grey is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
std::array<LevelMix, 3> level_mixes(const RowColors& colors, bool gray) noexcept {
    const ColorMatrix& m = colors.matrix;
    const double scale = m.luma_scale;
    if (colors.rgb_planes) {
        const LevelMix green = gray ? LevelMix{0.587 * scale, 0.114 * scale, 0.299 * scale, 0} : LevelMix{scale, 0, 0, 0};
        return {LevelMix{0, 0, scale, 0}, green, LevelMix{0, scale, 0, 0}};
    }
    const double black = -scale * m.luma_offset;
    const auto mix = [&](double u, double v) { return LevelMix{scale, u, v, black - (u + v) * m.chroma_offset}; };
    if (colors.planes == 1) return {mix(0, 0), mix(0, 0), mix(0, 0)};
    return {mix(0, m.red_v), mix(m.green_u, m.green_v), mix(m.blue_u, 0)};
}

/// The mix of level * scale + bias, where a level is in 0..255. scale is positive, so the lower bound stays the lower bound.
ColorMix color_mix(const LevelMix& mix, double scale, double bias) noexcept {
    return {static_cast<float>(scale * mix.y), static_cast<float>(scale * mix.u),
            static_cast<float>(scale * mix.v), static_cast<float>(scale * mix.constant + bias),
            static_cast<float>(bias),          static_cast<float>(scale * 255.0 + bias)};
}

std::array<int, 3> channels_of(ColorOrder order) noexcept {
    switch (order) {
        case ColorOrder::rgb: return {0, 1, 2};
        case ColorOrder::bgr: return {2, 1, 0};
        case ColorOrder::gray: break;
    }
    return {-1, 0, -1};
}

}  // namespace

RowWriter::RowWriter(const KernelTable& kernels, const RowColors& colors, const PixelRequest& request,
                     const PixelTarget& target, const std::array<float*, 3>& spare) noexcept
    : kernels_(kernels), request_(request), target_(target), spare_(spare), channels_(channels_of(request.color)) {
    const std::array<LevelMix, 3> mixes = level_mixes(colors, request.color == ColorOrder::gray);
    const auto mix = [&](std::size_t color) {
        const auto place = static_cast<std::size_t>(std::max(channels_[color], 0));
        // byte_row truncates, so that 0.5 makes it round half up.
        if (request.dtype == DType::uint8) return color_mix(mixes[color], 1.0, 0.5);
        return color_mix(mixes[color], double{request.scale[place]}, double{request.bias[place]});
    };
    mixes_ = {mix(0), mix(1), mix(2)};
}

void RowWriter::store(const float* line, std::uint8_t* data) const noexcept {
    const bool halves = request_.dtype == DType::float16;
    if (request_.dtype == DType::float32) {
        store_strided(line, target_.width, data, target_.pixel_stride, [](float value) { return value; });
    } else if (is_planar()) {
        const auto store_line = halves ? kernels_.store_halves : kernels_.store_bfloats;
        store_line(line, target_.width, reinterpret_cast<std::uint16_t*>(data));
    } else {
        store_strided(line, target_.width, data, target_.pixel_stride, halves ? to_half : to_bfloat);
    }
}

/// Lines of the target where it takes them as the kernels write them, else the spare lines.
template <class Value>
ColorLines<Value> RowWriter::out(std::uint8_t* row) const noexcept {
    const auto line = [&](std::size_t color) {
        const bool direct = is_direct() && channels_[color] >= 0;
        return direct ? reinterpret_cast<Value*>(channel(row, color)) : reinterpret_cast<Value*>(spare_[color]);
    };
    return {line(0), line(1), line(2)};
}

void RowWriter::write(const PlaneLines& lines, int y) noexcept {
    std::uint8_t* const row = target_.data + y * target_.row_stride;
    if (request_.dtype == DType::uint8) {
        kernels_.byte_row(lines, target_.width, mixes_, out<std::uint8_t>(row));
        if (!is_direct()) interleave(row);
        return;
    }
    kernels_.float_row(lines, target_.width, mixes_, out<float>(row), request_.non_temporal);
    for (std::size_t color = 0; color < 3 && !is_direct(); ++color) {
        if (channels_[color] >= 0) store(spare_[color], channel(row, color));
    }
}

/// Packs the three spare lines of bytes into pixels.
void RowWriter::interleave(std::uint8_t* row) const noexcept {
    const bool bgr = request_.color == ColorOrder::bgr;
    const auto line = [&](std::size_t color) { return reinterpret_cast<const std::uint8_t*>(spare_[color]); };
    kernels_.interleave(line(bgr ? 2 : 0), line(1), line(bgr ? 0 : 2), target_.width, row);
}

}  // namespace kf::convert
