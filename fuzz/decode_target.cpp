// Index and decode: bytes are taken for a video file in memory, as a user's would be.
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "draw.hpp"
#include "video_checks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kf;
    SourceSpec source;
    source.bytes = std::make_shared<const std::vector<std::uint8_t>>(data, data + size);
    const auto index = fuzz::check_index(source);
    if (!index) return 0;
    fuzz::Draw draw({data, size});
    fuzz::check_planes(source, index, draw);
    fuzz::check_pixels(source, index, draw);
    return 0;
}
