#include "convert/write_row.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

namespace kf {
namespace {

/// IEEE 754 binary16, ties to even.
std::uint16_t to_half(float value) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000U);
    const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    if (magnitude >= 0x47800000U) return static_cast<std::uint16_t>(sign | (magnitude > 0x7F800000U ? 0x7E00U : 0x7C00U));
    if (magnitude < 0x38800000U) {  // below the smallest normal half: adding 0.5 lets the float unit shift and round
        const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
        return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3F000000U));
    }
    const std::uint32_t rounded = magnitude - 0x38000000U + 0xFFFU + (magnitude >> 13 & 1U);
    return static_cast<std::uint16_t>(sign | rounded >> 13);
}

struct ToByte {
    std::uint8_t operator()(float value) const noexcept { return static_cast<std::uint8_t>(value + 0.5F); }
};
struct ToHalf {
    float scale;
    float bias;
    std::uint16_t operator()(float value) const noexcept { return to_half(value * scale + bias); }
};
struct ToFloat {
    float scale;
    float bias;
    float operator()(float value) const noexcept { return value * scale + bias; }
};

template <class Store>
void store_line(const float* line, int width, std::uint8_t* target, std::ptrdiff_t stride, Store store) noexcept {
    for (int x = 0; x < width; ++x, target += stride) {
        const auto value = store(line[x]);
        std::memcpy(target, &value, sizeof value);
    }
}

MatrixFactors matrix_factors(const ColorMatrix& matrix) noexcept {
    return {static_cast<float>(matrix.luma_scale),    static_cast<float>(matrix.luma_offset),
            static_cast<float>(matrix.chroma_offset), static_cast<float>(matrix.red_v),
            static_cast<float>(matrix.green_u),       static_cast<float>(matrix.green_v),
            static_cast<float>(matrix.blue_u)};
}

/// Level 0..255 to level * scale + bias, folded into the matrix; scale is positive, so the bounds of the levels become those
/// of the row.
FloatRow float_row(const ColorMatrix& m, const PixelRequest& request, const std::array<float*, 3>& out) noexcept {
    const auto channel = [&](std::size_t color, double u, double v) {
        const std::size_t place = request.color == ColorOrder::bgr ? 2 - color : color;
        const double scale = request.scale[place];
        const double bias = request.bias[place];
        const double zero = -m.luma_scale * m.luma_offset - (u + v) * m.chroma_offset;
        return FloatChannel{out[place],
                            static_cast<float>(scale * m.luma_scale),
                            static_cast<float>(scale * u),
                            static_cast<float>(scale * v),
                            static_cast<float>(scale * zero + bias),
                            static_cast<float>(bias),
                            static_cast<float>(scale * 255.0 + bias)};
    };
    return {channel(0, 0.0, m.red_v), channel(1, m.green_u, m.green_v), channel(2, m.blue_u, 0.0)};
}

/// In place: red, green, blue in 0..255, or grey in the first line.
void to_levels(const ResampleKernels& kernels, std::array<float*, 3>& lines, int width, const RowColors& colors,
               bool gray) noexcept {
    const MatrixFactors factors = matrix_factors(colors.matrix);
    if (colors.rgb_planes) {
        lines = {lines[2], lines[0], lines[1]};  // they come as green, blue, red
        for (float* line : lines) kernels.to_level(line, width, 0.0F, factors.luma_scale);
        for (int x = 0; gray && x < width; ++x)
            lines[0][x] = 0.299F * lines[0][x] + 0.587F * lines[1][x] + 0.114F * lines[2][x];
    } else if (colors.planes == 1) {
        kernels.to_level(lines[0], width, factors.luma_offset, factors.luma_scale);
        lines[1] = lines[2] = lines[0];
    } else {
        kernels.to_rgb(lines[0], lines[1], lines[2], width, factors);
    }
}

}  // namespace

void write_row(const ResampleKernels& kernels, std::array<float*, 3> lines, const std::array<float*, 3>& spare,
               const RowColors& colors, const PixelRequest& request, const PixelTarget& target) noexcept {
    const bool side_by_side = target.pixel_stride == dtype_bytes(request.dtype);
    const auto channel_data = [&target](std::size_t channel) {
        return target.data + static_cast<std::ptrdiff_t>(channel) * target.channel_stride;
    };
    std::array<float, 3> scale = request.scale;
    std::array<float, 3> bias = request.bias;
    if (request.dtype != DType::uint8 && colors.planes == 3 && !colors.rgb_planes) {
        std::array<float*, 3> out = spare;
        const bool in_place = request.dtype == DType::float32 && side_by_side;
        for (std::size_t c = 0; c < 3 && in_place; ++c) out[c] = reinterpret_cast<float*>(channel_data(c));
        kernels.to_float_row(lines[0], lines[1], lines[2], target.width, float_row(colors.matrix, request, out));
        if (in_place) return;
        lines = out;
        scale = {1.0F, 1.0F, 1.0F};
        bias = {};
    } else {
        to_levels(kernels, lines, target.width, colors, request.color == ColorOrder::gray);
        if (request.color == ColorOrder::bgr) std::swap(lines[0], lines[2]);
    }
    for (std::size_t c = 0; c < static_cast<std::size_t>(request.channels()); ++c) {
        std::uint8_t* data = channel_data(c);
        switch (request.dtype) {
            case DType::uint8:
                if (side_by_side) {
                    kernels.store_bytes(lines[c], target.width, data);
                } else {
                    store_line(lines[c], target.width, data, target.pixel_stride, ToByte{});
                }
                break;
            case DType::float32:
                store_line(lines[c], target.width, data, target.pixel_stride, ToFloat{scale[c], bias[c]});
                break;
            case DType::float16:
                store_line(lines[c], target.width, data, target.pixel_stride, ToHalf{scale[c], bias[c]});
                break;
        }
    }
}

}  // namespace kf
