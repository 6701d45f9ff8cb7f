// Fuzzes containers: the input is a video file in memory, and it is indexed. decode_target decodes its frames.
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "draw.hpp"
#include "index_checks.hpp"
#include "video_checks.hpp"

namespace kf::fuzz {

using engine::IndexResult;

namespace {

IndexResult checked(const media::SourceSpec& source, const indexing::IndexOptions& options) {
    IndexResult result = build_directly(source, options);
    check_index(result);
    if (const auto* index = std::get_if<std::shared_ptr<const index::FrameIndex>>(&result)) check_values_and_plans(**index);
    return result;
}

}  // namespace
}  // namespace kf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kf;
    media::SourceSpec source;
    source.bytes = media::in_memory({data, data + size});
    const engine::IndexResult result = fuzz::checked(source, fuzz::limits);
    fuzz::Draw draw({data, size});
    if (draw.chance(1, 8)) {
        indexing::IndexOptions scan = fuzz::limits;
        scan.read_packets = true;
        (void)fuzz::checked(source, scan);
    }
    if (draw.chance(1, 8)) fuzz::check_engine_index(source, result);
    return 0;
}
