#include "convert/row_band.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace kf::convert {
namespace {

constexpr int band_rows = 32;  // they become runs of 32 pixels, and a band of usual width stays in the cache

template <int bytes>
void move_pixels(const PixelTarget& from, const PixelTarget& to) noexcept {
    for (int x = 0; x < from.width; ++x) {
        const std::uint8_t* source = from.data + x * from.pixel_stride;
        std::uint8_t* sink = to.data + x * to.pixel_stride;
        for (int y = 0; y < from.height; ++y, source += from.row_stride, sink += to.row_stride)
            std::memcpy(sink, source, bytes);
    }
}

void move_pixels(int bytes, const PixelTarget& from, const PixelTarget& to) noexcept {
    switch (bytes) {
        case 1: return move_pixels<1>(from, to);
        case 2: return move_pixels<2>(from, to);
        case 3: return move_pixels<3>(from, to);
        case 4: return move_pixels<4>(from, to);
        case 6: return move_pixels<6>(from, to);
        default: return move_pixels<12>(from, to);  // three floats
    }
}

}  // namespace

void RowBand::begin(const PixelTarget& target, const PixelRequest& request, bool mirrored_too) {
    pixel_bytes_ = request.pixel_bytes();
    direct_ = target.pixel_stride == pixel_bytes_ || (mirrored_too && target.pixel_stride == -pixel_bytes_);
    target_ = rows_ = target;
    if (direct_) return;
    channels_apart_ = request.layout == Layout::thwc ? 1 : request.channels();
    rows_.height = std::min(band_rows, target.height);
    rows_.pixel_stride = pixel_bytes_;
    rows_.row_stride = rows_.pixel_stride * target.width;
    if (channels_apart_ > 1) rows_.channel_stride = rows_.row_stride * rows_.height;
    const auto bytes = static_cast<std::size_t>(rows_.row_stride * rows_.height * channels_apart_);
    if (bytes_.size() < bytes) bytes_.resize(bytes);
    rows_.data = bytes_.data();
}

void RowBand::move_if_full(int y) const noexcept {
    const int count = place(y) + 1;
    if (count < rows_.height && y + 1 < target_.height) return;
    for (int channel = 0; channel < channels_apart_; ++channel) {
        PixelTarget from = rows_;
        from.data += channel * rows_.channel_stride;
        from.height = count;
        PixelTarget to = target_.part({0, y + 1 - count, target_.width, count});
        to.data += channel * target_.channel_stride;
        move_pixels(pixel_bytes_, from, to);
    }
}

}  // namespace kf::convert
