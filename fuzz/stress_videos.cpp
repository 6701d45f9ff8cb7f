#include "stress_videos.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <numeric>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "direct_decoding.hpp"
#include "indexing/index_builder.hpp"
#include "require.hpp"

namespace kf::fuzz {

using engine::DecodeRequest;
using media::SourceSpec;

namespace {

constexpr int width = 24;
constexpr int height = 16;
constexpr std::size_t frame_bytes = std::size_t{width} * height * 3;
constexpr std::int64_t frames_a_row = 4;
constexpr std::uint8_t poison = 0x5A;

engine::OutputRequest output_of(std::vector<std::uint8_t>& bytes, std::size_t rows, std::int64_t frames) {
    bytes.assign(rows * static_cast<std::size_t>(frames) * frame_bytes, poison);
    engine::OutputRequest output;
    output.data = bytes.data();
    output.rows = static_cast<std::int64_t>(rows);
    output.frames = frames;
    output.width = width;
    output.height = height;
    return output;
}

void decode_all(StressVideo& video, const SourceSpec& source) {
    std::vector<std::int64_t> numbers(video.index->frames.size());
    std::iota(numbers.begin(), numbers.end(), 0);
    std::vector<std::uint8_t> pixels;
    DecodeRequest request;
    request.videos.push_back({source, video.index});
    request.output = output_of(pixels, 1, video.index->frame_count());
    request.rows.push_back({0, 0, numbers, {}, false});
    video.status = decode_directly(request).status;
    for (auto at = pixels.begin(); at != pixels.end(); at += frame_bytes) video.frames.emplace_back(at, at + frame_bytes);
}

void read_video(const std::filesystem::path& path, std::vector<StressVideo>& videos) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
    StressVideo video;
    video.path = path.string();
    video.bytes = media::in_memory({bytes.begin(), bytes.end()});
    const SourceSpec spec{{}, 0, -1, video.bytes};
    try {
        const auto source = media::open_source(spec);
        video.index = std::make_shared<const index::FrameIndex>(indexing::build_index(*source, {}, [] { return false; }));
    } catch (const base::Failure&) {
        return;
    }
    if (video.index->frame_count() > 200) return;
    decode_all(video, spec);
    videos.push_back(std::move(video));
}

}  // namespace

std::vector<StressVideo> read_stress_videos(const std::vector<std::filesystem::path>& paths) {
    std::vector<StressVideo> videos;
    for (const auto& path : paths) {
        if (!std::filesystem::is_directory(path)) {
            read_video(path, videos);
            continue;
        }
        for (const auto& entry : std::filesystem::directory_iterator(path)) read_video(entry.path(), videos);
    }
    return videos;
}

StressCall::StressCall(const std::vector<StressVideo>& videos, std::mt19937& random, int rows)
    : threads_(std::make_shared<engine::TaskLimit>(1 + static_cast<int>(random() % 4))) {
    for (int i = 0; i < rows; ++i) {
        const StressVideo& video = videos[random() % videos.size()];
        Row row{&video, random() % 2 == 0, {}};
        for (std::int64_t t = 0; t < frames_a_row; ++t)
            row.frames.push_back(static_cast<std::int64_t>(random() % video.index->frames.size()));
        if (rows == 1) std::sort(row.frames.begin(), row.frames.end());
        rows_.push_back(std::move(row));
    }
}

void StressCall::move_on(std::int64_t frames) {
    for (Row& row : rows_) {
        for (std::int64_t& number : row.frames) number = std::min(number + frames, row.video->index->frame_count() - 1);
    }
}

DecodeRequest StressCall::request(std::optional<std::chrono::nanoseconds> timeout) {
    DecodeRequest request;
    request.output = output_of(output_, rows_.size(), frames_a_row);
    request.timeout = timeout;
    request.may_continue = true;  // where there is one row
    for (std::size_t r = 0; r < rows_.size(); ++r) {
        const StressVideo& video = *rows_[r].video;
        SourceSpec source;
        if (rows_[r].from_memory) {
            source.bytes = video.bytes;
        } else {
            source.path = video.path;
        }
        request.videos.push_back({std::move(source), video.index});
        request.rows.push_back({static_cast<std::int32_t>(r), static_cast<std::int64_t>(r), rows_[r].frames, {}, false});
    }
    return request;
}

void StressCall::check(const engine::DecodeResult& result, engine::Ticket::Stop stopped) {
    auto at = output_.cbegin();
    auto status = result.status.begin();
    for (const Row& row : rows_) {
        for (const std::int64_t number : row.frames) {
            const auto frame = static_cast<std::size_t>(number);
            const bool run = *status != engine::FrameStatus::not_run;
            require(run || stopped != engine::Ticket::Stop::none, "a frame of a call that is not stopped is reached");
            require(!run || *status == row.video->status[frame], "the status of a frame is that without the engine");
            const auto end = at + static_cast<std::ptrdiff_t>(frame_bytes);
            const bool expected = run ? std::equal(at, end, row.video->frames[frame].begin())
                                      : std::all_of(at, end, [](std::uint8_t byte) { return byte == 0; });
            require(expected, "the pixels of a frame are those without the engine, or zeros if it was not reached");
            at = end;
            ++status;
        }
    }
    const auto not_run = std::find(result.status.begin(), result.status.end(), engine::FrameStatus::not_run);
    require(not_run == result.status.end() || !result.errors.empty(), "an error says why a frame was not reached");
}

void StressCall::check_left_alone() {
    std::fill(output_.begin(), output_.end(), poison);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    require(std::all_of(output_.begin(), output_.end(), [](std::uint8_t byte) { return byte == poison; }),
            "nothing is written once a call is over");
}

}  // namespace kf::fuzz
