#include "engine/frame_writer.hpp"

#include <cstring>
#include <utility>

#include "convert/plane_copy.hpp"

namespace kf::engine {

using base::PictureView;
using convert::Layout;
using convert::PixelTarget;

namespace {

constexpr std::int64_t cache_bytes = std::int64_t{4} << 20;  // a larger output does not stay in a core's share of the caches

convert::PixelRequest pixels_of(const OutputRequest& output) noexcept {
    convert::PixelRequest pixels = output.pixels;
    const std::int64_t values = output.rows * output.frames * output.width * output.height * pixels.channels();
    pixels.non_temporal = values * convert::dtype_bytes(pixels.dtype) > cache_bytes;
    return pixels;
}

}  // namespace

FrameWriter::FrameWriter(const OutputRequest& output, std::vector<PlanesPicture>& planes, base::BufferPool& buffers,
                         std::shared_ptr<convert::ResamplePlans> plans)
    : output_(output), planes_(planes), buffers_(buffers), converter_(pixels_of(output), std::move(plans)) {}

PixelTarget FrameWriter::target(std::int64_t row, std::int64_t frame) const noexcept {
    const std::int64_t channels = output_.pixels.channels();
    const std::int64_t value = convert::dtype_bytes(output_.pixels.dtype);
    const std::int64_t plane = std::int64_t{output_.width} * output_.height * value;
    const std::int64_t pixel = output_.pixels.layout == Layout::thwc ? channels * value : value;
    PixelTarget place{output_.data + (row * output_.frames + frame) * channels * plane,
                      output_.width,
                      output_.height,
                      output_.width * pixel,
                      pixel,
                      plane};
    switch (output_.pixels.layout) {
        case Layout::thwc: place.channel_stride = value; break;
        case Layout::tchw: break;
        case Layout::cthw:
            place.data = output_.data + (row * channels * output_.frames + frame) * plane;
            place.channel_stride = output_.frames * plane;
            break;
    }
    return place;
}

void FrameWriter::keep_planes(const PictureView& picture, PlanesPicture& kept) {
    kept = {buffers_.acquire(static_cast<std::size_t>(convert::plane_bytes(picture.layout, picture.width, picture.height))),
            picture.layout, picture.width, picture.height};
    convert::copy_planes(picture, kept.buffer->data());
}

bool FrameWriter::write(const PictureView& picture, base::Orientation orientation, const RowRequest& row, bool expected_size,
                        std::int64_t frame, const convert::Interrupted& interrupted) {
    if (picture.width == 0) return false;  // a format that the converter does not support
    if (output_.planes) {
        keep_planes(picture, planes_[static_cast<std::size_t>(row.place * output_.frames + frame)]);
        return true;
    }
    if (row.box && !expected_size) return false;
    const bool turned = orientation.turned();
    const double width = turned ? picture.height : picture.width;
    const double height = turned ? picture.width : picture.height;
    convert::Box box = row.box.value_or(convert::Box{0, 0, width, height, false});
    box.flip = row.flip;
    return converter_.convert(picture, orientation, box, target(row.place, frame), interrupted);
}

FrameWriter::ContiguousSpans FrameWriter::contiguous_spans(const PixelTarget& target) const noexcept {
    const bool packed = output_.pixels.layout == Layout::thwc;
    return {static_cast<std::size_t>(target.height * target.row_stride), packed ? 1 : output_.pixels.channels()};
}

void FrameWriter::copy(const RowRequest& from, std::int64_t from_frame, const RowRequest& to,
                       std::int64_t to_frame) noexcept {
    const PixelTarget source = target(from.place, from_frame);
    const PixelTarget sink = target(to.place, to_frame);
    const auto [bytes, count] = contiguous_spans(sink);
    for (int c = 0; c < count; ++c)
        std::memcpy(sink.data + c * sink.channel_stride, source.data + c * source.channel_stride, bytes);
}

void FrameWriter::zero(const RowRequest& row, std::int64_t frame) noexcept {
    if (output_.planes) {
        planes_[static_cast<std::size_t>(row.place * output_.frames + frame)] = {};
        return;
    }
    const PixelTarget place = target(row.place, frame);
    const auto [bytes, count] = contiguous_spans(place);
    for (int c = 0; c < count; ++c) std::memset(place.data + c * place.channel_stride, 0, bytes);
}

}  // namespace kf::engine
