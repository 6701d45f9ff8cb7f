// The converter that is right for every picture: crop, resize, flip, colour matrix, normalisation, layout and dtype in one
// pass from the planes to the target. Tables are made once a (source, box, size); the loop allocates nothing. One owner, one
// thread at a time. Never reads samples outside the box.
#pragma once

#include <array>
#include <vector>

#include "base/plane_view.hpp"
#include "convert/color_matrix.hpp"
#include "convert/filter_table.hpp"
#include "convert/pixel_request.hpp"

namespace kf {

class Resampler {
public:
    /// For pictures with the size, layout, colour and siting of this one. Throws std::bad_alloc.
    Resampler(const PictureView& picture, const Box& box, int width, int height, const PixelRequest& request);

    [[nodiscard]] bool fits(const PictureView& picture, const Box& box) const noexcept;
    void convert(const PictureView& picture, const PixelTarget& target) noexcept;

private:
    /// The last rows of one plane, resampled across; a row is resampled once.
    struct Plane {
        FilterTable across;
        FilterTable down;
        std::vector<float> rows;
        std::vector<float> line;
        int next_row = 0;
    };
    [[nodiscard]] float* row_slot(Plane& plane, int row) noexcept;
    void resample_line(Plane& plane, const PlaneView& view, int line) noexcept;

    int width_ = 0;
    int height_ = 0;
    PixelLayout layout_;
    ColorSpec color_;
    ChromaSite site_;
    Box box_;
    PixelRequest request_;
    int output_width_;
    int output_height_;
    ColorMatrix matrix_;
    std::array<Plane, 3> planes_;
    int plane_count_;
};

}  // namespace kf
