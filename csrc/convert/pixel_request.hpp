// Which pixels the caller wants of a frame, and where they go. Plain values; any thread. Own no memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace kf::convert {

enum class Layout : std::uint8_t { thwc, tchw, cthw };
enum class DType : std::uint8_t { uint8, float16, float32, bfloat16 };
enum class ColorOrder : std::uint8_t { rgb, bgr, gray };
enum class Interpolation : std::uint8_t { bilinear, bicubic };

[[nodiscard]] constexpr int dtype_bytes(DType dtype) noexcept {
    return dtype == DType::uint8 ? 1 : dtype == DType::float32 ? 4 : 2;
}

enum class KernelSet : std::uint8_t { best, portable, avx2, avx512 };

/// How pixels are computed, the same for all rows of a batch. A float is x * scale + bias of its channel, with x in 0..255.
struct PixelRequest {
    Layout layout = Layout::thwc;
    DType dtype = DType::uint8;
    ColorOrder color = ColorOrder::rgb;
    Interpolation interpolation = Interpolation::bilinear;
    bool antialias = true;
    std::array<float, 3> scale{1.0F / 255, 1.0F / 255, 1.0F / 255};
    std::array<float, 3> bias{};
    KernelSet kernels = KernelSet::best;  ///< the tests compare the others
    bool non_temporal = false;            ///< rows of floats bypass the caches: for outputs that are larger than these
    [[nodiscard]] int channels() const noexcept { return color == ColorOrder::gray ? 1 : 3; }
    /// Bytes of what lies together of a pixel: all of its channels, or one of them.
    [[nodiscard]] int pixel_bytes() const noexcept { return dtype_bytes(dtype) * (layout == Layout::thwc ? channels() : 1); }
};

/// The part of a frame that is wanted, in pixels of the upright frame, and whether it is mirrored left to right.
struct Box {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
    bool flip = false;
    friend bool operator==(const Box&, const Box&) = default;
};

/// A rectangle of a target.
struct Tile {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    friend bool operator==(const Tile&, const Tile&) = default;
};

/// Where the pixels of one frame go. Strides are in bytes, and may be negative: a rotated target is the same memory with
/// other strides. Owned by the caller.
struct PixelTarget {
    std::uint8_t* data = nullptr;
    int width = 0;
    int height = 0;
    std::ptrdiff_t row_stride = 0;
    std::ptrdiff_t pixel_stride = 0;
    std::ptrdiff_t channel_stride = 0;

    [[nodiscard]] PixelTarget part(const Tile& tile) const noexcept {
        return {data + tile.y * row_stride + tile.x * pixel_stride,
                tile.width,
                tile.height,
                row_stride,
                pixel_stride,
                channel_stride};
    }
    /// With columns in the opposite order.
    [[nodiscard]] PixelTarget mirrored() const noexcept {
        return {data + (width - 1) * pixel_stride, width, height, row_stride, -pixel_stride, channel_stride};
    }
};

}  // namespace kf::convert
