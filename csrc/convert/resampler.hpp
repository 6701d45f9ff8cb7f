// The converter that is right for every picture: crop, resize, flip, colour matrix, normalisation, layout and dtype in one
// pass from the planes to the target. For each output row and plane the source rows are blended down to one line, the line's
// samples are picked across to the output's width, and three lines become one row of the target; where at most two rows make
// an output row, each is picked across by itself, once, and they are blended on the way into the target. Tables are made
// once a (source, box, size). One owner, one thread at a time. Never touches samples outside the box; the loop allocates
// nothing.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/picture_view.hpp"
#include "convert/across_table.hpp"
#include "convert/color_matrix.hpp"
#include "convert/filter_table.hpp"
#include "convert/kernels/resample_kernels.hpp"
#include "convert/pixel_request.hpp"

namespace kf::convert {

class Resampler {
public:
    /// For pictures with the size, layout, colour and siting of this one. Throws std::bad_alloc.
    Resampler(const base::PictureView& picture, const Box& box, int width, int height, const PixelRequest& request);
    ~Resampler() = default;
    Resampler(Resampler&&) = default;  // its tables point into memory that moves along, and would not be copied along
    Resampler& operator=(Resampler&&) = default;
    Resampler(const Resampler&) = delete;
    Resampler& operator=(const Resampler&) = delete;

    [[nodiscard]] bool fits(const base::PictureView& picture, const Box& box) const noexcept;
    /// Throws std::bad_alloc for the first turned picture, before anything is written.
    void convert(const base::PictureView& picture, const PixelTarget& target);

private:
    struct Plane {
        FilterTable down;
        AcrossTable across;
        bool across_first = false;  ///< rows are picked across before they are blended
        std::vector<const std::uint8_t*> rows;
        std::vector<float> blended;
        std::array<std::vector<float>, 2> picked;
        std::array<int, 2> picked_rows{};   ///< with across_first, which rows these are; -1 for none
        int fetched = -1;                   ///< the last row that was fetched ahead
        std::vector<std::uint8_t> upright;  ///< a copy of a turned plane
    };
    void make_plane(std::size_t index, const base::PictureView& picture);
    [[nodiscard]] base::PlaneView straighten(Plane& plane, const base::PlaneView& view) const;
    void prefetch(Plane& plane, const base::PlaneView& view, int line) const noexcept;
    [[nodiscard]] LinePair blended_line(Plane& plane, const base::PlaneView& view, int line) const noexcept;
    void pick_rows(const std::array<base::PlaneView, 3>& views, std::size_t begin, std::size_t end, int line,
                   PlaneLines& lines) noexcept;
    void resample_planes(const std::array<base::PlaneView, 3>& views, std::size_t begin, std::size_t end, int line,
                         PlaneLines& lines) noexcept;

    int width_;
    int height_;
    base::PixelLayout layout_;
    base::ColorSpec color_;
    base::ChromaSite site_;
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

}  // namespace kf::convert
