// Which calls go on from each other, and what the cache of held runs keeps. No run here is decoded: a held run shares the
// ownership of its index, so that the number of owners tells whether the run is still held.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "../plan/made_index.hpp"
#include "engine/held_runs.hpp"
#include "plan/runs.hpp"

using kf::engine::HeldRun;
using kf::engine::HeldRuns;
using kf::engine::VideoRequest;
using kf::plan::Run;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t plenty = std::int64_t{1} << 40;
using Frames = std::vector<std::int64_t>;

VideoRequest made_video() {
    VideoRequest video;
    video.source.path = "a video";
    video.index = std::make_shared<const kf::index::FrameIndex>(
        kf::tests::made_index("I0 P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P12 P13 P14 P15 I16 P17 P18 P19"));
    return video;
}

std::shared_ptr<HeldRuns> cache_of(std::size_t runs, std::int64_t bytes, HeldRuns::Clock::duration idle = 1h) {
    return std::make_shared<HeldRuns>(HeldRuns::Limits{runs, bytes, idle}, std::make_shared<kf::base::BufferPool>(0));
}

/// One call, which ends in `end`.
struct Call {
    Call(HeldRuns& cache, const VideoRequest& video, const Frames& frames)
        : runs(kf::plan::plan_runs(*video.index, frames)) {
        std::vector<const Run*> all;
        for (const Run& run : runs) all.push_back(&run);
        lease = cache.begin(video, frames, all);
        for (const Run& run : runs) held.push_back(lease->run_for(run));
    }
    void end() {
        for (auto& run : held) {
            if (run) lease->give_back(std::move(run));
        }
        lease.reset();
    }
    std::vector<Run> runs;
    std::unique_ptr<HeldRuns::Lease> lease;
    std::vector<std::unique_ptr<HeldRun>> held;
};

/// Two calls for frames that follow each other: the second one holds a run.
void step(HeldRuns& cache, const VideoRequest& video) {
    Call(cache, video, {0}).end();
    Call(cache, video, {1}).end();
}

bool is_held(const VideoRequest& video) {
    return video.index.use_count() > 1;
}

}  // namespace

TEST_CASE("the first call holds no run, a call that goes on does") {
    const auto cache = cache_of(4, plenty);
    const VideoRequest video = made_video();
    Call first(*cache, video, {0});
    CHECK(first.held.front() == nullptr);
    first.end();
    CHECK_FALSE(is_held(video));
    Call second(*cache, video, {1});
    const HeldRun* run = second.held.front().get();
    REQUIRE(run != nullptr);
    second.end();
    CHECK(is_held(video));
    Call third(*cache, video, {2});
    CHECK(third.held.front().get() == run);
    third.end();
}

TEST_CASE("a first call that is long holds a run") {
    const auto cache = cache_of(4, plenty);
    auto index = kf::tests::made_index("I0");
    for (int i = 1; i < 67; ++i) {
        index.packets.push_back({.order = i});
        index.frames.push_back({i, i, 0});
    }
    VideoRequest video = made_video();
    video.index = std::make_shared<const kf::index::FrameIndex>(std::move(index));
    Call call(*cache, video, {50});
    CHECK(call.held.front() != nullptr);
    call.end();
    Call last(*cache, video, {66});  // no frame follows it
    last.end();
    CHECK_FALSE(is_held(video));
}

TEST_CASE("no run is held where the next frame lies in another run") {
    const auto cache = cache_of(4, plenty);
    const VideoRequest video = made_video();
    Call(*cache, video, {13}).end();
    Call(*cache, video, {15}).end();
    CHECK_FALSE(is_held(video));
    Call(*cache, video, {17}).end();  // the walk goes on into the next run
    CHECK(is_held(video));
}

TEST_CASE("a call backwards or in another video begins a walk of its own") {
    const auto cache = cache_of(4, plenty);
    const VideoRequest video = made_video();
    const VideoRequest other = made_video();
    step(*cache, video);
    CHECK(Call(*cache, video, {0}).held.front() == nullptr);
    CHECK(Call(*cache, other, {2}).held.front() == nullptr);
    CHECK(is_held(video));
}

TEST_CASE("two calls never share a run") {
    const auto cache = cache_of(4, plenty);
    const VideoRequest video = made_video();
    step(*cache, video);
    Call one(*cache, video, {2});
    Call two(*cache, video, {2});
    CHECK(one.held.front() != nullptr);
    CHECK(two.held.front() == nullptr);
}

TEST_CASE("a run that is not given back is dropped") {
    const auto cache = cache_of(4, plenty);
    const VideoRequest video = made_video();
    step(*cache, video);
    {
        const Call cancelled(*cache, video, {2});
    }
    CHECK_FALSE(is_held(video));
}

TEST_CASE("a walk whose run gave up holds none from the same entry") {
    const auto cache = cache_of(4, plenty);
    const VideoRequest video = made_video();
    step(*cache, video);
    Call call(*cache, video, {2});
    call.held.clear();
    call.lease->note_that_it_gave_up(0);
    call.end();
    CHECK(Call(*cache, video, {3}).held.front() == nullptr);
    CHECK(Call(*cache, video, {16}).held.front() != nullptr);
}

TEST_CASE("the number of runs is bounded, and the least recently used run goes first") {
    const auto cache = cache_of(2, plenty);
    const std::vector<VideoRequest> videos{made_video(), made_video(), made_video()};
    step(*cache, videos[0]);
    step(*cache, videos[1]);
    Call(*cache, videos[0], {2}).end();
    step(*cache, videos[2]);
    CHECK(is_held(videos[0]));
    CHECK_FALSE(is_held(videos[1]));
    CHECK(is_held(videos[2]));
}

TEST_CASE("the bytes are bounded") {
    const VideoRequest video = made_video();
    const std::int64_t bytes = HeldRun(video.index, 0, nullptr).memory();
    REQUIRE(bytes > 0);
    const auto none = cache_of(4, bytes - 1);
    step(*none, video);
    CHECK_FALSE(is_held(video));
    const auto one = cache_of(4, 2 * bytes - 1);
    const VideoRequest other = made_video();
    step(*one, video);
    step(*one, other);
    CHECK_FALSE(is_held(video));
    CHECK(is_held(other));
}

TEST_CASE("a run is dropped when it was not used for a while, without any call") {
    const auto cache = cache_of(4, plenty, 20ms);
    const VideoRequest video = made_video();
    step(*cache, video);
    for (int i = 0; i < 500 && is_held(video); ++i) std::this_thread::sleep_for(10ms);
    CHECK_FALSE(is_held(video));
}

TEST_CASE("a run is dropped when nobody has its video any more") {
    const auto cache = cache_of(4, plenty);
    VideoRequest gone = made_video();
    const std::weak_ptr<const kf::index::FrameIndex> index = gone.index;
    step(*cache, gone);
    gone.index.reset();
    CHECK_FALSE(index.expired());
    const VideoRequest video = made_video();
    Call(*cache, video, {0}).end();
    CHECK(index.expired());
}
