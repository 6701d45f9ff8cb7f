#include "convert/write_row.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace kf {
namespace {

float clamped(float value) noexcept {
    return std::clamp(value, 0.0F, 255.0F);
}

void scale_line(float* line, int width, float offset, float scale) noexcept {
    for (int x = 0; x < width; ++x) line[x] = clamped((line[x] - offset) * scale);
}

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

}  // namespace

void to_rgb(std::array<float*, 3>& lines, int planes, int width, bool rgb_planes, bool gray,
            const ColorMatrix& matrix) noexcept {
    const auto luma_scale = static_cast<float>(matrix.luma_scale);
    if (rgb_planes) {
        lines = {lines[2], lines[0], lines[1]};  // they come as green, blue, red
        for (float* line : lines) scale_line(line, width, 0.0F, luma_scale);
        for (int x = 0; gray && x < width; ++x)
            lines[0][x] = 0.299F * lines[0][x] + 0.587F * lines[1][x] + 0.114F * lines[2][x];
        return;
    }
    const auto luma_offset = static_cast<float>(matrix.luma_offset);
    if (planes == 1) {
        scale_line(lines[0], width, luma_offset, luma_scale);
        lines[1] = lines[2] = lines[0];
        return;
    }
    const auto chroma_offset = static_cast<float>(matrix.chroma_offset);
    const auto red_v = static_cast<float>(matrix.red_v);
    const auto green_u = static_cast<float>(matrix.green_u);
    const auto green_v = static_cast<float>(matrix.green_v);
    const auto blue_u = static_cast<float>(matrix.blue_u);
    float* const a = lines[0];
    float* const b = lines[1];
    float* const c = lines[2];
    for (int x = 0; x < width; ++x) {
        const float luma = (a[x] - luma_offset) * luma_scale;
        const float u = b[x] - chroma_offset;
        const float v = c[x] - chroma_offset;
        a[x] = clamped(luma + red_v * v);
        b[x] = clamped(luma + green_u * u + green_v * v);
        c[x] = clamped(luma + blue_u * u);
    }
}

void write_row(const std::array<float*, 3>& lines, const PixelRequest& request, const PixelTarget& target) noexcept {
    for (int channel = 0; channel < request.channels(); ++channel) {
        const auto source = static_cast<std::size_t>(request.color == ColorOrder::bgr ? 2 - channel : channel);
        const auto at = static_cast<std::size_t>(channel);
        std::uint8_t* data = target.data + channel * target.channel_stride;
        const float scale = request.scale[at];
        const float bias = request.bias[at];
        switch (request.dtype) {
            case DType::uint8: store_line(lines[source], target.width, data, target.pixel_stride, ToByte{}); break;
            case DType::float16:
                store_line(lines[source], target.width, data, target.pixel_stride, ToHalf{scale, bias});
                break;
            case DType::float32:
                store_line(lines[source], target.width, data, target.pixel_stride, ToFloat{scale, bias});
                break;
        }
    }
}

}  // namespace kf
