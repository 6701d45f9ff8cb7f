#include "direct_decoding.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/run_job.hpp"
#include "plan/run_plan.hpp"

namespace kf::fuzz {
namespace {

std::vector<Destination> destinations_of(const DecodeRequest& request, const Run& run) {
    const FrameIndex& index = *request.videos.front().index;
    std::vector<Destination> destinations;
    for (std::size_t r = 0; r < request.rows.size(); ++r) {
        const std::vector<std::int64_t>& frames = request.rows[r].frames;
        for (std::size_t t = 0; t < frames.size(); ++t) {
            const FrameEntry& frame = index.frames[static_cast<std::size_t>(frames[t])];
            if (!run.wants(frame.packet)) continue;
            destinations.push_back(
                {frame.packet, frame.part, static_cast<std::int32_t>(r), static_cast<std::int32_t>(t), frames[t]});
        }
    }
    return destinations;
}

}  // namespace

DecodeResult decode_directly(const DecodeRequest& request) {
    const auto buffers =
        std::make_shared<BufferPool>(0);  // keeps nothing, so that what is used after it was given back shows
    const auto source = std::make_shared<SharedSource>(request.videos.front());
    DecodeResult result;
    result.status.assign(request.rows.size() * static_cast<std::size_t>(request.output.frames), FrameStatus::not_run);
    if (request.output.planes) result.planes.resize(result.status.size());
    std::vector<std::int64_t> wanted;
    for (const RowRequest& row : request.rows) wanted.insert(wanted.end(), row.frames.begin(), row.frames.end());
    for (Run& run : plan_runs(*request.videos.front().index, wanted)) {
        auto destinations = destinations_of(request, run);
        RunJob job(request, source, FrameWriter(request.output, result.planes, *buffers), 0, std::move(run),
                   std::move(destinations));
        while (!job.done()) {
            job.read(*buffers);
            job.decode([] { return false; });
        }
        job.report(result);
    }
    FrameWriter writer(request.output, result.planes, *buffers);
    auto status = result.status.begin();
    for (const RowRequest& row : request.rows) {
        for (std::int64_t t = 0; t < request.output.frames; ++t) {
            if (*status++ == FrameStatus::failed) writer.zero(row, t);
        }
    }
    return result;
}

}  // namespace kf::fuzz
