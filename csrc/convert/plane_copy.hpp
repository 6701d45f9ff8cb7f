// The decoded planes as they are, copied into contiguous memory one after the other. Pure, any thread.
#pragma once

#include <cstdint>

#include "base/picture_view.hpp"

namespace kf::convert {

/// Bytes that copy_planes writes.
[[nodiscard]] std::int64_t plane_bytes(const base::PixelLayout& layout, int width, int height) noexcept;

void copy_planes(const base::PictureView& picture, std::uint8_t* target) noexcept;

}  // namespace kf::convert
