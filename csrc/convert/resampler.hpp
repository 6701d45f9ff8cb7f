// The converter that is right for every picture: crop, resize, flip, colour matrix, normalisation, layout and dtype in one
// pass from the planes to the target. For each output row and plane the source rows are blended down to one line, the line's
// samples are picked across to the output's width, and three lines become one row of the target. Tables are made once a
// (source, box, size). One owner, one thread at a time. Never touches samples outside the box; the loop allocates nothing.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/plane_view.hpp"
#include "convert/color_matrix.hpp"
#include "convert/filter_table.hpp"
#include "convert/kernels/resample_kernels.hpp"
#include "convert/pixel_request.hpp"

namespace kf {

class Resampler {
public:
    /// For pictures with the size, layout, colour and siting of this one. Throws std::bad_alloc.
    Resampler(const PictureView& picture, const Box& box, int width, int height, const PixelRequest& request);
    ~Resampler() = default;
    Resampler(Resampler&&) = default;  // its tables point into memory that moves along, and would not be copied along
    Resampler& operator=(Resampler&&) = default;
    Resampler(const Resampler&) = delete;
    Resampler& operator=(const Resampler&) = delete;

    [[nodiscard]] bool fits(const PictureView& picture, const Box& box) const noexcept;
    /// Throws std::bad_alloc for the first turned picture, before anything is written.
    void convert(const PictureView& picture, const PixelTarget& target);

private:
    struct Plane {
        FilterTable down;
        int low = 0;  ///< source columns [low, low + columns) are used at all
        int columns = 0;
        bool straight = false;  ///< nothing to pick: the blended line is the output's
        std::vector<std::int32_t> first;
        std::vector<float> weights;  ///< by tap, then by output
        PickTable across;
        std::vector<const std::uint8_t*> rows;
        std::vector<float> blended;
        std::vector<float> picked;
        std::vector<std::uint8_t> upright;  ///< a copy of a turned plane
    };
    void make_across(Plane& plane, const FilterTable& table);
    [[nodiscard]] PlaneView straighten(Plane& plane, const PlaneView& view) const;
    void prefetch(const Plane& plane, const PlaneView& view, int line) const noexcept;
    [[nodiscard]] float* blend_line(Plane& plane, const PlaneView& view, int line) const noexcept;
    [[nodiscard]] std::array<float*, 3> resample_lines(const std::array<PlaneView, 3>& views, bool luma_too,
                                                       int line) noexcept;

    int width_;
    int height_;
    PixelLayout layout_;
    ColorSpec color_;
    ChromaSite site_;
    Box box_;
    PixelRequest request_;
    int output_width_;
    int output_height_;
    ColorMatrix matrix_;
    int plane_count_;
    const ResampleKernels* kernels_;
    std::array<Plane, 3> planes_;
    std::array<std::vector<float>, 3> spare_;
};

}  // namespace kf
