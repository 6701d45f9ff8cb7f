// A decoded picture as media hands it to convert: a view of planes, and what is needed to turn them into colours. Owns no
// memory; valid as long as the decoder's picture is. Plain values; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace kf::base {

/// How the samples of a picture are laid out.
struct PixelLayout {
    int planes = 3;          ///< 1 (grey) or 3
    int chroma_shift_x = 1;  ///< log2 of the luma samples per chroma sample
    int chroma_shift_y = 1;
    int depth = 8;  ///< bits per sample; a sample of more than 8 bits is a uint16 in the machine's byte order

    [[nodiscard]] int sample_bytes() const noexcept { return depth > 8 ? 2 : 1; }
    [[nodiscard]] int plane_width(int plane, int width) const noexcept { return shifted(width, plane ? chroma_shift_x : 0); }
    [[nodiscard]] int plane_height(int plane, int height) const noexcept {
        return shifted(height, plane ? chroma_shift_y : 0);
    }
    friend bool operator==(const PixelLayout&, const PixelLayout&) = default;

private:
    [[nodiscard]] static int shifted(int size, int shift) noexcept { return (size + (1 << shift) - 1) >> shift; }
};

/// One plane. Strides are in bytes and may be negative: a rotated picture is the same memory with other strides.
struct PlaneView {
    const std::uint8_t* data = nullptr;
    int width = 0;
    int height = 0;
    std::ptrdiff_t pixel_stride = 0;
    std::ptrdiff_t row_stride = 0;
};

/// The luma weights of a YCbCr matrix. `rgb` says that the planes are G, B and R, which need no matrix.
struct ColorSpec {
    double red_weight = 0.299;
    double blue_weight = 0.114;
    bool full_range = false;
    bool rgb = false;
    friend bool operator==(const ColorSpec&, const ColorSpec&) = default;
};

/// The position of chroma sample 0, in luma samples from luma sample 0. Left-sited 4:2:0 has (0, 0.5).
struct ChromaSite {
    double x = 0.0;
    double y = 0.5;
    friend bool operator==(const ChromaSite&, const ChromaSite&) = default;
};

/// How a picture is shown upright.
struct Orientation {
    std::int32_t clockwise = 0;  ///< degrees: 0, 90, 180 or 270
    bool mirrored = false;       ///< it is turned upside down before it is rotated
    [[nodiscard]] bool turned() const noexcept { return clockwise % 180 != 0; }
    friend bool operator==(const Orientation&, const Orientation&) = default;
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
