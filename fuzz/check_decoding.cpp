#include <algorithm>
#include <chrono>
#include <cstring>
#include <numeric>
#include <string>
#include <utility>

#include "convert/kernels/kernel_table.hpp"
#include "convert/plane_copy.hpp"
#include "direct_decoding.hpp"
#include "engine/engine.hpp"
#include "require.hpp"
#include "video_checks.hpp"

namespace kf::fuzz {

using convert::KernelSet;
using engine::DecodeRequest;
using engine::DecodeResult;
using engine::FrameStatus;
using media::SourceSpec;

namespace {

constexpr std::int64_t long_read = 12;  // frames
constexpr std::int64_t window = 4;
constexpr std::uint8_t untouched = 0x5A;

using IndexPointer = std::shared_ptr<const index::FrameIndex>;

DecodeResult decode(DecodeRequest request) {
    const auto ticket = engine::Engine::current()->submit_decode(std::move(request), std::make_shared<engine::TaskLimit>(2));
    while (!ticket->wait_for(std::chrono::seconds(1))) {
    }
    return ticket->result();
}

std::vector<std::int64_t> from(std::int64_t first, std::int64_t count) {
    std::vector<std::int64_t> frames(static_cast<std::size_t>(count));
    std::iota(frames.begin(), frames.end(), first);
    return frames;
}

DecodeRequest planes_request(const SourceSpec& source, const IndexPointer& index, std::vector<std::int64_t> frames) {
    DecodeRequest request;
    request.videos.push_back({source, index});
    request.output.planes = true;
    request.output.rows = 1;
    request.output.frames = static_cast<std::int64_t>(frames.size());
    request.rows.push_back({0, 0, std::move(frames), {}, false});
    return request;
}

bool same_planes(const engine::PlanesPicture& a, const engine::PlanesPicture& b) {
    if (!a.buffer || !b.buffer) return !a.buffer && !b.buffer;
    if (a.layout != b.layout || a.width != b.width || a.height != b.height) return false;
    return std::memcmp(a.buffer->data(), b.buffer->data(),
                       static_cast<std::size_t>(convert::plane_bytes(a.layout, a.width, a.height))) == 0;
}

void require_same(const DecodeResult& a, std::size_t i, const DecodeResult& b, std::size_t j, const std::string& what) {
    require(a.status[i] == b.status[j], "a frame's status is the same " + what + ": " +
                                            std::to_string(static_cast<int>(a.status[i])) + ", " +
                                            std::to_string(static_cast<int>(b.status[j])));

    require(same_planes(a.planes[i], b.planes[j]), "a frame's planes are the same " + what);
}

void check_result(const DecodeResult& result) {
    bool bad = false;
    for (std::size_t i = 0; i < result.status.size(); ++i) {
        require(result.status[i] != FrameStatus::not_run, "a frame of a call that is not stopped is reached");
        require((result.status[i] == FrameStatus::failed) == !result.planes[i].buffer,
                "a frame has pixels unless it failed");
        bad = bad || result.status[i] != FrameStatus::ok;
    }
    require(bad == !result.errors.empty(), "there are errors where a frame is not OK, and only there");
}

}  // namespace

void check_planes(const SourceSpec& source, const IndexPointer& index, Draw& draw) {
    const std::int64_t count = std::min(index->frame_count(), long_read);
    const DecodeRequest request = planes_request(source, index, from(0, count));
    const DecodeResult all = decode_directly(request);
    check_result(all);
    const auto check_part = [&](std::int64_t first, std::int64_t frames, const std::string& what) {
        const DecodeResult part = decode_directly(planes_request(source, index, from(first, frames)));
        for (std::size_t i = 0; i < part.status.size(); ++i)
            require_same(all, static_cast<std::size_t>(first) + i, part, i,
                         what + " and in a long read, frame " + std::to_string(first + static_cast<std::int64_t>(i)));
    };
    const std::int64_t first = draw.number(0, count - 1);
    if (draw.chance(1, 2)) check_part(first, std::min(window, count - first), "in a window");
    if (draw.chance(1, 2)) check_part(draw.number(0, count - 1), 1, "alone");
    if (!draw.chance(1, 8)) return;
    const DecodeResult engine = decode(request);
    for (std::size_t i = 0; i < all.status.size(); ++i) require_same(all, i, engine, i, "with and without the engine");
}

namespace {

KernelSet drawn_kernels(Draw& draw) {
    const auto set = draw.one_of(KernelSet::avx512);
    return convert::has_kernels(set) ? set : KernelSet::portable;
}

convert::PixelRequest drawn_pixels(Draw& draw) {
    convert::PixelRequest pixels;
    pixels.layout = draw.one_of(convert::Layout::cthw);
    pixels.dtype = draw.one_of(convert::DType::float32);
    pixels.color = draw.one_of(convert::ColorOrder::gray);
    pixels.interpolation = draw.one_of(convert::Interpolation::bicubic);
    pixels.antialias = draw.number(0, 1) == 1;
    pixels.kernels = drawn_kernels(draw);
    return pixels;
}

convert::Box drawn_box(const index::FrameIndex& index, Draw& draw) {
    const auto quarters = [&draw](int size) { return static_cast<double>(draw.number(0, 4 * size - 1)) / 4; };
    const double x = quarters(index.shown_width());
    const double y = quarters(index.shown_height());
    const double width = std::min(index.shown_width() - x, quarters(index.shown_width()) + 0.25);
    const double height = std::min(index.shown_height() - y, quarters(index.shown_height()) + 0.25);
    return {x, y, width, height, false};
}

/// Asks for rows 0 and 2 of three rows, row 2 with a box. Row 1 must stay as it is.
DecodeRequest pixels_request(const SourceSpec& source, const IndexPointer& index, Draw& draw) {
    DecodeRequest request;
    request.videos.push_back({source, index});
    const std::int64_t count = std::min(index->frame_count(), window);
    const std::int64_t first = draw.number(0, index->frame_count() - count);
    request.output.rows = 3;
    request.output.frames = count;
    request.output.pixels = drawn_pixels(draw);
    request.output.width = static_cast<int>(draw.number(1, 40));
    request.output.height = static_cast<int>(draw.number(1, 40));
    request.rows.push_back({0, 0, from(first, count), {}, draw.number(0, 1) == 1});
    request.rows.push_back({0, 2, from(first, count), drawn_box(*index, draw), draw.number(0, 1) == 1});
    return request;
}

}  // namespace

void check_pixels(const SourceSpec& source, const IndexPointer& index, Draw& draw) {
    DecodeRequest request = pixels_request(source, index, draw);
    const engine::OutputRequest& output = request.output;
    const auto row_bytes = static_cast<std::size_t>(output.frames * output.width * output.height * output.pixels.channels() *
                                                    convert::dtype_bytes(output.pixels.dtype));
    std::vector<std::uint8_t> by_engine(3 * row_bytes, untouched);
    std::vector<std::uint8_t> directly(by_engine);
    request.output.data = by_engine.data();
    const DecodeResult result = decode(request);
    const auto* between = by_engine.data() + row_bytes;
    require(std::all_of(between, between + row_bytes, [](std::uint8_t byte) { return byte == untouched; }),
            "a row that was not asked for is not written");
    request.output.data = directly.data();
    const DecodeResult direct = decode_directly(request);
    require(result.status == direct.status, "the status of pixels is the same with and without the engine");
    require(by_engine == directly, "pixels are the same with and without the engine");

    // Alone, the row with a box does not need the rest of the pictures.
    request.rows.erase(request.rows.begin());
    std::vector<std::uint8_t> alone(by_engine.size(), untouched);
    request.output.data = alone.data();
    const DecodeResult crop = decode(request);
    require(std::equal(crop.status.begin(), crop.status.end(), result.status.begin() + output.frames),
            "the status of a crop is the same with and without the whole pictures");
    const auto row = static_cast<std::ptrdiff_t>(2 * row_bytes);
    require(std::equal(alone.begin() + row, alone.end(), by_engine.begin() + row),
            "a crop is the same with and without the whole pictures");
}

}  // namespace kf::fuzz
