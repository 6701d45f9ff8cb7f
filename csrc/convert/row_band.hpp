// Where the rows of a picture are written. The kernels write pixels that lie side by side. The rows of a target whose pixels
// lie elsewhere, which is a transposed one, are collected in a band of a few rows, and the band is then moved to the target.
// Owns the memory of the band, which is kept for the next picture. One thread at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "convert/pixel_request.hpp"

namespace kf::convert {

class RowBand {
public:
    /// A new picture begins. mirrored_too: rows may also be written from right to left. Throws std::bad_alloc.
    void begin(const PixelTarget& target, const PixelRequest& request, bool mirrored_too);

    /// Whether rows are written straight to the target.
    [[nodiscard]] bool is_direct() const noexcept { return direct_; }
    /// What holds the rows: the target or the band.
    [[nodiscard]] const PixelTarget& rows() const noexcept { return rows_; }
    /// The row of `rows()` that row y of the picture is.
    [[nodiscard]] int place(int y) const noexcept { return direct_ ? y : y % rows_.height; }
    /// Row y is written, and so are those above it.
    void written(int y) noexcept {
        if (!direct_) move_if_full(y);
    }

private:
    void move_if_full(int y) const noexcept;

    PixelTarget target_;
    PixelTarget rows_;
    int pixel_bytes_ = 0;
    int channels_apart_ = 1;
    bool direct_ = true;
    std::vector<std::uint8_t> bytes_;
};

}  // namespace kf::convert
