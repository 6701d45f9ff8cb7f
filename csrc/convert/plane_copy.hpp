// Copies the decoded planes, sample for sample, into contiguous memory, one plane after the other. Owns nothing; any thread;
// never allocates.
#pragma once

#include <cstdint>

#include "base/picture_view.hpp"

namespace kf::convert {

/// The bytes that copy_planes writes.
[[nodiscard]] std::int64_t plane_bytes(const base::PixelLayout& layout, int width, int height) noexcept;

/// The samples of a row must lie side by side: the picture is not rotated.
void copy_planes(const base::PictureView& picture, std::uint8_t* target) noexcept;

}  // namespace kf::convert
