#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/frame_writer.hpp"

using kf::convert::Layout;
using kf::engine::FrameWriter;
using kf::engine::OutputRequest;
using kf::engine::PlanesPicture;
using kf::engine::RowRequest;

namespace {

/// An output of 2 rows of 3 frames of 2x2 pixels whose bytes are their own positions, but never 0.
struct Output {
    explicit Output(Layout layout) {
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i + 1);
        request.data = bytes.data();
        request.rows = 2;
        request.frames = 3;
        request.width = 2;
        request.height = 2;
        request.pixels.layout = layout;
    }
    /// Offsets of the frame's bytes, channel by channel where channels lie apart.
    [[nodiscard]] std::vector<std::size_t> offsets(std::size_t row, std::size_t frame) const {
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < 12; ++i) {
            const bool by_channel = request.pixels.layout == Layout::cthw;
            found.push_back(row * 36 + (by_channel ? (i / 4 * 3 + frame) * 4 + i % 4 : frame * 12 + i));
        }
        return found;
    }

    std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(2 * 3 * 12);
    OutputRequest request;
    std::vector<PlanesPicture> planes;
    std::shared_ptr<kf::base::BufferPool> buffers = std::make_shared<kf::base::BufferPool>(0);
};

RowRequest row_at(std::int64_t place) {
    RowRequest row;
    row.place = place;
    return row;
}

}  // namespace

TEST_CASE("the bytes of one frame are zeroed, and no others") {
    for (const Layout layout : {Layout::thwc, Layout::tchw, Layout::cthw}) {
        Output output(layout);
        std::vector<std::uint8_t> expected = output.bytes;
        for (const std::size_t offset : output.offsets(1, 2)) expected[offset] = 0;
        FrameWriter(output.request, output.planes, *output.buffers).zero(row_at(1), 2);
        CHECK(output.bytes == expected);
    }
}

TEST_CASE("a frame is copied to another place of any row") {
    for (const Layout layout : {Layout::thwc, Layout::tchw, Layout::cthw}) {
        Output output(layout);
        std::vector<std::uint8_t> expected = output.bytes;
        const auto from = output.offsets(0, 1);
        const auto to = output.offsets(1, 0);
        for (std::size_t i = 0; i < from.size(); ++i) expected[to[i]] = output.bytes[from[i]];
        FrameWriter(output.request, output.planes, *output.buffers).copy(row_at(0), 1, row_at(1), 0);
        CHECK(output.bytes == expected);
    }
}

TEST_CASE("a failed frame has no planes") {
    Output output(Layout::thwc);
    output.request.planes = true;
    output.planes.resize(6);
    for (PlanesPicture& picture : output.planes) picture.buffer = output.buffers->acquire(8);
    FrameWriter(output.request, output.planes, *output.buffers).zero(row_at(1), 1);
    for (std::size_t i = 0; i < 6; ++i) CHECK((output.planes[i].buffer == nullptr) == (i == 4));
}

TEST_CASE("a picture without planes, or of another size than a box was meant for, is not written") {
    Output output(Layout::thwc);
    const std::vector<std::uint8_t> before = output.bytes;
    FrameWriter writer(output.request, output.planes, *output.buffers);
    CHECK_FALSE(writer.write({}, {}, row_at(0), true, 0, [] { return false; }));
    kf::base::PictureView picture;
    picture.width = picture.height = 4;
    RowRequest row = row_at(0);
    row.box = kf::convert::Box{0, 0, 2, 2, false};
    CHECK_FALSE(writer.write(picture, {}, row, false, 0, [] { return false; }));
    CHECK(output.bytes == before);
}
