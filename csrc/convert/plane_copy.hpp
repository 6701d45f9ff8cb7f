// The decoded planes as they are, copied into contiguous memory one after the other. Pure, any thread.
#pragma once

#include <cstdint>

#include "base/plane_view.hpp"

namespace kf {

/// Bytes that copy_planes writes.
[[nodiscard]] std::int64_t plane_bytes(const PixelLayout& layout, int width, int height) noexcept;

void copy_planes(const PictureView& picture, std::uint8_t* target) noexcept;

}  // namespace kf
