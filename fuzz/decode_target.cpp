// Fuzzes codecs: the input is a video file in memory, and its frames are decoded.
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "draw.hpp"
#include "video_checks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kf;
    media::SourceSpec source;
    source.bytes = media::in_memory({data, data + size});
    const engine::IndexResult result = fuzz::build_directly(source, fuzz::limits);
    fuzz::check_index(result);
    const auto* index = std::get_if<std::shared_ptr<const index::FrameIndex>>(&result);
    if (index == nullptr) return 0;
    fuzz::Draw draw({data, size});
    fuzz::check_planes(source, *index, draw);
    if (draw.chance(1, 8)) fuzz::check_pixels(source, *index, draw);
    return 0;
}
