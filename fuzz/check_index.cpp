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
namespace {

/// As the engine has it: an index or an error.
IndexResult build_directly(const SourceSpec& spec) {
    try {
        const auto source = open_source(spec);
        return std::make_shared<const FrameIndex>(build_index(*source, limits, [] { return false; }));
    } catch (const Failure& failure) {
        return failure.error();
    }
}

IndexResult build_by_engine(const SourceSpec& spec) {
    const auto ticket = Engine::current()->submit_index({spec}, limits, std::nullopt);
    while (!ticket->wait_for(std::chrono::seconds(1))) {
    }
    return ticket->result().front();
}

void check_packing(const FrameIndex& index) {
    try {
        require(unpack(pack(index)) == index, "an index that was built survives packing");
    } catch (const Failure& failure) {
        require(false, std::string("an index that was built can be unpacked: ") + failure.what());
    }
}

}  // namespace

std::shared_ptr<const FrameIndex> check_index(const SourceSpec& source) {
    const IndexResult engine = build_by_engine(source);
    const IndexResult direct = build_directly(source);
    require(direct.index() == engine.index(), "the engine indexes what can be indexed without it, and nothing else");
    if (const auto* error = std::get_if<Error>(&engine)) {
        require(error->code == std::get<Error>(direct).code && error->what == std::get<Error>(direct).what,
                "the engine's error is the one without it: " + error->what + ", " + std::get<Error>(direct).what);
        require(!error->what.empty() && error->path == source.name(), "an error says what happened, and where");
        return nullptr;
    }
    auto index = std::get<std::shared_ptr<const FrameIndex>>(engine);
    require(*index == *std::get<std::shared_ptr<const FrameIndex>>(direct),
            "the engine's index is the one built without it");
    require(index->frame_count() > 0 && index->width > 0 && index->height > 0, "an index has frames of a size");
    require(std::int64_t{index->width} * index->height <= limits.max_pixels, "a frame has no more than max_pixels");
    check_packing(*index);
    return index;
}

}  // namespace kf::fuzz
