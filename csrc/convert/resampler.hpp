// Converts any picture: crop, resize, flip, colour matrix, normalisation, layout and dtype in one pass from the planes to
// the target. A row of the target is made of one line per plane, and a line is made by a vertical and a horizontal pass:
//   - Vertical first: source rows become one line of floats, whose samples become the outputs. This reads samples that lie
//     side by side.
//   - Horizontal first, where at most two source rows make a row: each source row becomes a line of outputs once, and the
//     colour kernel adds the two. Neighbouring rows of the target, and luma rows that share chroma, use the same lines
//     again.
// The geometry chooses, never the instruction set, so that all instruction sets write the same bytes.
//
// A Resampler makes one tile of the target, which is usually all of it. Owns line buffers, made once per geometry; the
// filter tables are those of its plan. One thread at a time. Never reads samples outside the box, never allocates in the
// loop.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/picture_view.hpp"
#include "convert/kernels/kernel_table.hpp"
#include "convert/pixel_request.hpp"
#include "convert/resample_plan.hpp"
#include "convert/row_band.hpp"

namespace kf::convert {

/// Whether the work is to end before its end. Asked often, so it must be quick; it may block for a moment.
using Interrupted = std::function<bool()>;

class Resampler {
public:
    /// Throws std::bad_alloc.
    Resampler(std::shared_ptr<const ResamplePlan> plan, const PixelRequest& request);

    [[nodiscard]] const ResamplePlan& plan() const noexcept { return *plan_; }
    /// Writes every pixel of the tile. The picture must fit the plan, and its samples must lie side by side. target: the
    /// part of the whole that the tile is, which may be transposed or upside down. False where `interrupted`, which is
    /// asked between blocks of rows, was true: then rows are missing. Throws std::bad_alloc at the first picture with a
    /// transposed target, before any pixel is written.
    [[nodiscard]] bool convert(const base::PictureView& picture, const PixelTarget& target, const Interrupted& interrupted);

private:
    /// The buffers of one plane.
    struct Lines {
        std::vector<const std::uint8_t*> rows;
        std::vector<float> vertical_sums;            ///< a line after the vertical pass
        std::array<std::vector<float>, 2> filtered;  ///< lines after the horizontal pass
        std::array<int, 2> filtered_rows{};          ///< with horizontal_first, the source rows of `filtered`; -1 for none
        int last_prefetched = -1;
    };
    void prefetch(std::size_t index, const base::PlaneView& view, int line) noexcept;
    [[nodiscard]] LinePair vertical_then_horizontal(std::size_t index, const base::PlaneView& view, int line) noexcept;
    void filter_rows(const std::array<base::PlaneView, 3>& views, std::size_t begin, std::size_t end, int line,
                     PlaneLines& lines) noexcept;
    [[nodiscard]] int rows_between_questions() const noexcept;
    void resample_planes(const std::array<base::PlaneView, 3>& views, std::size_t begin, std::size_t end, int line,
                         PlaneLines& lines) noexcept;

    std::shared_ptr<const ResamplePlan> plan_;
    PixelRequest request_;
    const KernelTable* kernels_;
    std::array<Lines, 3> lines_;
    std::array<std::vector<float>, 3> spare_;
    RowBand band_;
};

}  // namespace kf::convert
