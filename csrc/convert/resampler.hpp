// Converts any picture: crop, resize, flip, colour matrix, normalisation, layout and dtype in one pass from the planes to
// the target. A row of the target is made of one line per plane, and a line is made by a vertical and a horizontal pass:
//   - Vertical first: source rows become one line of floats, whose samples become the outputs. This reads samples that lie
//     side by side.
//   - Horizontal first, where at most two source rows make a row: each source row becomes a line of outputs once, and the
//     colour kernel adds the two. Neighbouring rows of the target, and luma rows that share chroma, use the same lines
//     again.
// The geometry chooses, never the instruction set, so that all instruction sets write the same bytes.
//
// A Resampler makes one tile of the target, which is usually all of it. Owns filter tables and line buffers, made once per
// geometry (source, box, size, tile). One thread at a time. Never reads samples outside the box, never allocates in the
// loop.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/picture_view.hpp"
#include "convert/color_matrix.hpp"
#include "convert/filter_table.hpp"
#include "convert/horizontal_filter.hpp"
#include "convert/kernels/kernel_table.hpp"
#include "convert/pixel_request.hpp"

namespace kf::convert {

/// Whether the work is to end before its end. Asked often, so it must be quick; it may block for a moment.
using Interrupted = std::function<bool()>;

class Resampler {
public:
    /// For pictures that have the size, layout, colour and siting of this picture. width, height: of the whole target.
    /// Throws std::bad_alloc.
    Resampler(const base::PictureView& picture, const Box& box, int width, int height, const Tile& tile,
              const PixelRequest& request);
    ~Resampler() = default;
    Resampler(Resampler&&) = default;  // HorizontalFilter is valid when moved, not when copied
    Resampler& operator=(Resampler&&) = default;
    Resampler(const Resampler&) = delete;
    Resampler& operator=(const Resampler&) = delete;

    [[nodiscard]] bool fits(const base::PictureView& picture, const Box& box) const noexcept;
    /// Writes every pixel of the tile; target: the part of the whole that the tile is. False where `interrupted`, which is
    /// asked between blocks of rows, was true: then rows are missing. Throws std::bad_alloc at the first rotated picture,
    /// before any pixel is written.
    [[nodiscard]] bool convert(const base::PictureView& picture, const PixelTarget& target, const Interrupted& interrupted);

private:
    /// How one plane is resampled, and its buffers.
    struct Plane {
        FilterTable vertical;
        HorizontalFilter horizontal;
        bool horizontal_first = false;
        std::vector<const std::uint8_t*> rows;
        std::vector<float> vertical_sums;            ///< a line after the vertical pass
        std::array<std::vector<float>, 2> filtered;  ///< lines after the horizontal pass
        std::array<int, 2> filtered_rows{};          ///< with horizontal_first, the source rows of `filtered`; -1 for none
        int last_prefetched = -1;
        std::vector<std::uint8_t> upright;  ///< a copy of a rotated plane
    };
    void make_plane(std::size_t index, const base::PictureView& picture);
    [[nodiscard]] base::PlaneView make_upright(Plane& plane, const base::PlaneView& view) const;
    void prefetch(Plane& plane, const base::PlaneView& view, int line) const noexcept;
    [[nodiscard]] LinePair vertical_then_horizontal(Plane& plane, const base::PlaneView& view, int line) const noexcept;
    void filter_rows(const std::array<base::PlaneView, 3>& views, std::size_t begin, std::size_t end, int line,
                     PlaneLines& lines) noexcept;
    [[nodiscard]] int rows_between_questions() const noexcept;
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
    Tile tile_;
    ColorMatrix matrix_;
    int plane_count_;
    const KernelTable* kernels_;
    std::array<Plane, 3> planes_;
    std::array<std::vector<float>, 3> spare_;
};

}  // namespace kf::convert
