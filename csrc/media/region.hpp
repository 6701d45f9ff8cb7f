// A part of a picture. Plain values, any thread.
#pragma once

namespace kf::media {

/// Pixels [left, right) x [top, bottom), before the container's cropping.
struct Region {
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
};

}  // namespace kf::media
