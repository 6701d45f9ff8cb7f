#include "direct_decoding.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/run_job.hpp"
#include "plan/runs.hpp"

namespace kf::fuzz {
namespace {

std::vector<engine::Destination> destinations_of(const engine::DecodeRequest& request, const plan::Run& run) {
    const index::FrameIndex& index = *request.videos.front().index;
    std::vector<engine::Destination> destinations;
    for (std::size_t r = 0; r < request.rows.size(); ++r) {
        const std::vector<std::int64_t>& frames = request.rows[r].frames;
        for (std::size_t t = 0; t < frames.size(); ++t) {
            const index::FrameEntry& frame = index.frames[static_cast<std::size_t>(frames[t])];
            if (!run.wants(frame.packet)) continue;
            destinations.push_back(
                {frame.packet, frame.picture_in_packet, static_cast<std::int32_t>(r), static_cast<std::int32_t>(t)});
        }
    }
    return destinations;
}

}  // namespace

engine::DecodeResult decode_directly(const engine::DecodeRequest& request) {
    const auto buffers =
        std::make_shared<base::BufferPool>(0);  // keeps no buffer, so that a sanitizer sees a use after release
    const auto source = std::make_shared<engine::SharedSource>(request.videos.front());
    engine::DecodeResult result;
    result.status.assign(request.rows.size() * static_cast<std::size_t>(request.output.frames),
                         engine::FrameStatus::not_run);
    if (request.output.planes) result.planes.resize(result.status.size());
    std::vector<std::int64_t> wanted;
    for (const engine::RowRequest& row : request.rows) wanted.insert(wanted.end(), row.frames.begin(), row.frames.end());
    const auto alone = std::make_shared<engine::CallShare>(std::make_shared<engine::IdleCpus>(),
                                                           std::make_shared<engine::TaskLimit>(1));  // nobody helps
    for (plan::Run& run : plan::plan_runs(*request.videos.front().index, wanted)) {
        auto destinations = destinations_of(request, run);
        engine::RunJob job(request, source, engine::FrameWriter(request.output, result.planes, *buffers), 0, std::move(run),
                           std::move(destinations), alone);
        while (!job.done()) {
            job.read(*buffers);
            job.decode([] { return false; });
        }
        job.report(result);
    }
    engine::FrameWriter writer(request.output, result.planes, *buffers);
    auto status = result.status.begin();
    for (const engine::RowRequest& row : request.rows) {
        for (std::int64_t t = 0; t < request.output.frames; ++t) {
            if (*status++ == engine::FrameStatus::failed) writer.zero(row, t);
        }
    }
    return result;
}

}  // namespace kf::fuzz
