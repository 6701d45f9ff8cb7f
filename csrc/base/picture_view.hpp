// The decoded picture as rooms hand it on: planes that somebody else owns, with what is needed to turn them into colours.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace kf::base {

/// How samples are laid out, whatever their values mean.
struct PixelLayout {
    int planes = 3;          ///< 1 (grey) or 3
    int chroma_shift_x = 1;  ///< log2 of the luma samples a chroma sample spans
    int chroma_shift_y = 1;
    int depth = 8;  ///< bits a sample; above 8 a sample is a native uint16

    [[nodiscard]] int sample_bytes() const noexcept { return depth > 8 ? 2 : 1; }
    [[nodiscard]] int plane_width(int plane, int width) const noexcept { return shifted(width, plane ? chroma_shift_x : 0); }
    [[nodiscard]] int plane_height(int plane, int height) const noexcept {
        return shifted(height, plane ? chroma_shift_y : 0);
    }
    friend bool operator==(const PixelLayout&, const PixelLayout&) = default;

private:
    [[nodiscard]] static int shifted(int size, int shift) noexcept { return (size + (1 << shift) - 1) >> shift; }
};

/// One plane, not owned. Strides are in bytes and may be negative; a turned picture is the same memory with other strides.
struct PlaneView {
    const std::uint8_t* data = nullptr;
    int width = 0;
    int height = 0;
    std::ptrdiff_t pixel_stride = 0;
    std::ptrdiff_t row_stride = 0;
};

/// The luma weights of a YCbCr matrix; `rgb` marks planes that are G, B, R already.
struct ColorSpec {
    double red_weight = 0.299;
    double blue_weight = 0.114;
    bool full_range = false;
    bool rgb = false;
    friend bool operator==(const ColorSpec&, const ColorSpec&) = default;
};

/// Where chroma sample 0 lies, in luma samples from luma sample 0. Left siting of 4:2:0 is (0, 0.5).
struct ChromaSite {
    double x = 0.0;
    double y = 0.5;
    friend bool operator==(const ChromaSite&, const ChromaSite&) = default;
};

struct PictureView {
    std::array<PlaneView, 3> planes;
    int width = 0;
    int height = 0;
    PixelLayout layout;
    ColorSpec color;
    ChromaSite site;
};

}  // namespace kf::base
