#include "convert/row_writer.hpp"

#include <cstdint>
#include <cstring>
#include <utility>

#include "convert/kernels/half_float.hpp"

namespace kf {
namespace {

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
/// of the row. `color`: 0 red, 1 green, 2 blue.
FloatChannel float_channel(const ColorMatrix& m, const PixelRequest& request, std::size_t color, double u,
                           double v) noexcept {
    const std::size_t place = request.color == ColorOrder::bgr ? 2 - color : color;
    const double scale = request.scale[place];
    const double bias = request.bias[place];
    const double zero = -m.luma_scale * m.luma_offset - (u + v) * m.chroma_offset;
    return {nullptr,
            static_cast<float>(scale * m.luma_scale),
            static_cast<float>(scale * u),
            static_cast<float>(scale * v),
            static_cast<float>(scale * zero + bias),
            static_cast<float>(bias),
            static_cast<float>(scale * 255.0 + bias)};
}

}  // namespace

RowWriter::RowWriter(const ResampleKernels& kernels, const RowColors& colors, const PixelRequest& request,
                     const PixelTarget& target, const std::array<float*, 3>& spare) noexcept
    : kernels_(kernels), colors_(colors), request_(request), target_(target), spare_(spare),
      factors_(matrix_factors(colors.matrix)),
      by_matrix_(request.dtype != DType::uint8 && colors.planes == 3 && !colors.rgb_planes),
      side_by_side_(target.pixel_stride == dtype_bytes(request.dtype)) {
    const ColorMatrix& m = colors.matrix;
    floats_ = {float_channel(m, request, 0, 0.0, m.red_v), float_channel(m, request, 1, m.green_u, m.green_v),
               float_channel(m, request, 2, m.blue_u, 0.0), request.past_cache};
}

/// In place: red, green, blue in 0..255, in the order of the target; or grey in the first line.
void RowWriter::to_levels(std::array<float*, 3>& lines) const noexcept {
    const int width = target_.width;
    if (colors_.rgb_planes) {
        lines = {lines[2], lines[0], lines[1]};  // they come as green, blue, red
        for (float* line : lines) kernels_.to_level(line, width, 0.0F, factors_.luma_scale);
        const bool gray = request_.color == ColorOrder::gray;
        for (int x = 0; gray && x < width; ++x)
            lines[0][x] = 0.299F * lines[0][x] + 0.587F * lines[1][x] + 0.114F * lines[2][x];
    } else if (colors_.planes == 1) {
        kernels_.to_level(lines[0], width, factors_.luma_offset, factors_.luma_scale);
        lines[1] = lines[2] = lines[0];
    } else {
        kernels_.to_rgb(lines[0], lines[1], lines[2], width, factors_);
    }
    if (request_.color == ColorOrder::bgr) std::swap(lines[0], lines[2]);
}

void RowWriter::store(const float* line, std::uint8_t* data, float scale, float bias) const noexcept {
    switch (request_.dtype) {
        case DType::uint8: kernels_.store_bytes(line, target_.width, data); break;  // planar: packed ones are interleaved
        case DType::float32: store_line(line, target_.width, data, target_.pixel_stride, ToFloat{scale, bias}); break;
        case DType::float16:
            if (side_by_side_) {
                kernels_.store_halves(line, target_.width, scale, bias, reinterpret_cast<std::uint16_t*>(data));
            } else {
                store_line(line, target_.width, data, target_.pixel_stride, ToHalf{scale, bias});
            }
            break;
    }
}

void RowWriter::write(std::array<float*, 3> lines, const std::uint8_t* luma, int y) noexcept {
    std::uint8_t* const row = target_.data + y * target_.row_stride;
    const auto channel = [&](std::size_t place) {
        return row + static_cast<std::ptrdiff_t>(place) * target_.channel_stride;
    };
    if (by_matrix_) {
        const bool direct = request_.dtype == DType::float32 && side_by_side_;
        std::array<float*, 3> out = spare_;
        for (std::size_t place = 0; place < 3 && direct; ++place) out[place] = reinterpret_cast<float*>(channel(place));
        const bool bgr = request_.color == ColorOrder::bgr;
        floats_.red.out = out[bgr ? 2 : 0];
        floats_.green.out = out[1];
        floats_.blue.out = out[bgr ? 0 : 2];
        if (luma != nullptr) {
            kernels_.bytes_to_float_row(luma, lines[1], lines[2], target_.width, floats_);
        } else {
            kernels_.to_float_row(lines[0], lines[1], lines[2], target_.width, floats_);
        }
        for (std::size_t place = 0; place < 3 && !direct; ++place) store(out[place], channel(place), 1.0F, 0.0F);
        return;
    }
    to_levels(lines);
    if (request_.dtype == DType::uint8 && request_.channels() == 3 && target_.pixel_stride == 3) {
        std::array<std::uint8_t*, 3> bytes{};
        for (std::size_t place = 0; place < 3; ++place) {
            bytes[place] = reinterpret_cast<std::uint8_t*>(spare_[place]);
            kernels_.store_bytes(lines[place], target_.width, bytes[place]);
        }
        kernels_.interleave(bytes[0], bytes[1], bytes[2], target_.width, row);
        return;
    }
    for (std::size_t place = 0; place < static_cast<std::size_t>(request_.channels()); ++place) {
        store(lines[place], channel(place), request_.scale[place], request_.bias[place]);
    }
}

}  // namespace kf
