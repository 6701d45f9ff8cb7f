#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "engine/engine.hpp"
#include "require.hpp"
#include "video_checks.hpp"

namespace kf::fuzz {

using base::Error;
using base::Failure;
using engine::IndexResult;
using index::FrameIndex;
using media::SourceSpec;

IndexResult build_directly(const SourceSpec& spec, const indexing::IndexOptions& options) {
    static const auto engine = engine::Engine::current();  // it captures FFmpeg's log
    try {
        const auto source = media::open_source(spec);
        return std::make_shared<const FrameIndex>(indexing::build_index(*source, options, [] { return false; }));
    } catch (const Failure& failure) {
        return failure.error();
    }
}

namespace {

IndexResult build_by_engine(const SourceSpec& spec) {
    const auto ticket = engine::Engine::current()->submit_index({spec}, limits, std::nullopt);
    while (!ticket->wait_for(std::chrono::seconds(1))) {
    }
    return ticket->result().front();
}

}  // namespace

void check_index(const IndexResult& result) {
    if (const auto* error = std::get_if<Error>(&result)) {
        require(!error->what.empty(), "an error has a message");
        return;
    }
    const FrameIndex& index = *std::get<std::shared_ptr<const FrameIndex>>(result);
    require(index.frame_count() > 0 && index.width > 0 && index.height > 0, "an index has frames of a size");
    require(std::int64_t{index.width} * index.height <= limits.max_pixels, "a frame has no more than max_pixels");
}

void check_engine_index(const SourceSpec& source, const IndexResult& direct) {
    const IndexResult engine = build_by_engine(source);
    require(direct.index() == engine.index(), "the engine indexes a file where build_index does, and only there");
    if (const auto* error = std::get_if<Error>(&engine)) {
        require(error->code == std::get<Error>(direct).code && error->what == std::get<Error>(direct).what,
                "the engine's error is that of build_index: " + error->what + ", " + std::get<Error>(direct).what);
        require(error->path == source.name(), "an error names the file");
        return;
    }
    require(*std::get<std::shared_ptr<const FrameIndex>>(engine) == *std::get<std::shared_ptr<const FrameIndex>>(direct),
            "the engine's index is that of build_index");
}

}  // namespace kf::fuzz
