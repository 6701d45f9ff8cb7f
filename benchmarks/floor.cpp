// SPDX-License-Identifier: BSD-3-Clause
// Measures the floor: the time that libavcodec alone takes to decode the packets that the wanted frames need.
//
// Usage: kf_floor < plan          plan: one clip per line, "start frames stride path"
// Prints one line of JSON. "seconds" has the time of each clip: to open a decoder with one thread, decode each stretch of
// the clip (send its packets from memory, drain the decoder; flush it in front of the next stretch) and close the decoder.
// "wall_seconds" is the time of all clips, one after another. The files are read and demuxed before the clock starts, and
// nothing is converted. Fails if a wanted frame does not come out. H.264 in MP4 or Matroska.
//
// The program has one thread. The floor of n CPUs is n times the rate of one.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "floor_video.hpp"

namespace {

using namespace kf_floor;

struct Clip {
    const Video* video = nullptr;
    std::vector<std::size_t> frames;  // ascending
    std::string name;
};

using Stretch = std::vector<const AVPacket*>;

// The packets to send for a clip, in decode order. Of the packets from one entry to the next, these are the packets up to
// the last wanted frame, without droppable packets whose frame is not wanted. They are one stretch.
std::vector<Stretch> stretches_of(const Clip& clip) {
    const std::vector<Packet>& packets = clip.video->packets;
    std::vector<bool> wanted(packets.size());
    for (const std::size_t frame : clip.frames) wanted[clip.video->frame_packet[frame]] = true;

    std::vector<Stretch> result;
    for (std::size_t begin = 0, end = 0; begin < packets.size(); begin = end) {
        end = begin + 1;
        while (end < packets.size() && !packets[end].is_entry) ++end;
        std::size_t last = end;
        while (last > begin && !wanted[last - 1]) --last;
        if (last == begin) continue;
        Stretch& stretch = result.emplace_back();
        for (std::size_t i = begin; i < last; ++i) {
            if (wanted[i] || !packets[i].droppable) stretch.push_back(packets[i].data.get());
        }
    }
    return result;
}

class Decoder {
public:
    explicit Decoder(const Video& video) {
        const AVCodec* codec = avcodec_find_decoder(video.parameters->codec_id);
        context_.reset(avcodec_alloc_context3(codec));
        check(avcodec_parameters_to_context(context_.get(), video.parameters.get()), "parameters");
        context_->thread_count = 1;
        context_->has_b_frames = video.reorder_depth;
        check(avcodec_open2(context_.get(), codec, nullptr), "avcodec_open2");
    }

    // Sends a packet, or the end of the stream if it is null, and marks the frames that come out.
    void send(const AVPacket* packet, std::vector<bool>& seen) {
        check(avcodec_send_packet(context_.get(), packet), "avcodec_send_packet");
        while (avcodec_receive_frame(context_.get(), frame_.get()) >= 0) {
            if (frame_->pts >= 0) seen.at(static_cast<std::size_t>(frame_->pts)) = true;
        }
    }

    void flush() { avcodec_flush_buffers(context_.get()); }

private:
    CodecPtr context_;
    FramePtr frame_{av_frame_alloc()};
};

double decode(const Clip& clip) {
    std::vector<bool> seen(clip.video->frame_packet.size());
    const std::vector<Stretch> stretches = stretches_of(clip);
    const auto begin = std::chrono::steady_clock::now();
    {
        Decoder decoder(*clip.video);
        for (const Stretch& stretch : stretches) {
            if (&stretch != &stretches.front()) decoder.flush();
            for (const AVPacket* packet : stretch) decoder.send(packet, seen);
            decoder.send(nullptr, seen);
        }
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    const bool complete = std::ranges::all_of(clip.frames, [&](std::size_t frame) { return seen[frame]; });
    if (!complete) throw std::runtime_error(clip.name + ": a wanted frame did not come out");
    return seconds.count();
}

std::vector<Clip> read_plan(std::istream& lines, std::map<std::string, Video>& videos) {
    std::vector<Clip> clips;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::size_t start = 0, frames = 0, stride = 0;
        std::string path;
        if (!(words >> start >> frames >> stride >> std::ws) || !std::getline(words, path)) {
            throw std::runtime_error("not a clip: " + line);
        }
        auto video = videos.find(path);
        if (video == videos.end()) video = videos.emplace(path, load(path)).first;
        Clip clip{.video = &video->second, .frames = {}, .name = line};
        for (std::size_t i = 0; i < frames; ++i) clip.frames.push_back(start + i * stride);
        if (clip.frames.empty() || clip.frames.back() >= video->second.frame_packet.size()) {
            throw std::runtime_error("no frames, or past the end of the video: " + line);
        }
        clips.push_back(std::move(clip));
    }
    return clips;
}

struct Times {
    std::vector<double> seconds;
    double wall_seconds = 0;
};

Times decode_all(const std::vector<Clip>& clips) {
    Times times;
    const auto begin = std::chrono::steady_clock::now();
    for (const Clip& clip : clips) times.seconds.push_back(decode(clip));
    times.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return times;
}

void print_json(const Times& times) {
    std::vector<double> sorted = times.seconds;
    std::ranges::sort(sorted);
    const double total = std::accumulate(sorted.begin(), sorted.end(), 0.0);
    std::printf(R"({"ffmpeg": "%s", "clips": %zu, "wall_seconds": %.6f, )", av_version_info(), sorted.size(),
                times.wall_seconds);
    std::printf(R"("total_seconds": %.6f, "median_seconds": %.6f, "seconds": [)", total, sorted[sorted.size() / 2]);
    const char* separator = "";
    for (const double seconds : times.seconds) std::printf("%s%.6f", std::exchange(separator, ", "), seconds);
    std::printf("]}\n");
}

}  // namespace

int main() {
    try {
        av_log_set_level(AV_LOG_ERROR);
        std::map<std::string, Video> videos;  // outlives the clips, which point into it
        const std::vector<Clip> clips = read_plan(std::cin, videos);
        if (clips.empty()) throw std::runtime_error("the plan is empty");
        print_json(decode_all(clips));
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "kf_floor: %s\n", error.what());
        return 1;
    }
}
