// SPDX-License-Identifier: BSD-3-Clause
// Measures the conversion of decoded pictures, without decoding, Python or threads.
//
// Usage: kf_kernels [best|portable|avx2|avx512] [ROUNDS]
// Prints a JSON array with one object per case: the geometry, milliseconds per frame, and milliseconds that memset takes for
// the same buffer. A round converts a clip of 16 different pictures into its place in the batch, then fills that buffer.
// Both times are medians over the rounds. "portable" takes the portable kernel table, "best" the one that this processor
// gets.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/picture_view.hpp"
#include "convert/converter.hpp"
#include "convert/kernels/kernel_table.hpp"
#include "convert/pixel_request.hpp"

namespace {

using namespace kf;

constexpr int frames = 16;
constexpr int sample_size = 224;
constexpr int short_side = 256;
constexpr int warm_up_rounds = 3;

struct Case {
    std::string name;
    int width;
    int height;
    convert::Box box;
    int output_width;
    int output_height;
    convert::PixelRequest request;
};

/// 4:2:0 pictures of waves and noise. No two are equal.
class Pictures {
public:
    Pictures(int width, int height) {
        std::minstd_rand noise(20260101);
        for (int t = 0; t < frames; ++t) {
            base::PictureView& picture = views_.emplace_back();
            picture.width = width;
            picture.height = height;
            for (int p = 0; p < 3; ++p) {
                const int w = picture.layout.plane_width(p, width);
                const int h = picture.layout.plane_height(p, height);
                planes_.push_back(make_plane(w, h, t + 7 * p, noise));
                picture.planes[static_cast<std::size_t>(p)] = {planes_.back().data(), w, h, 1, stride(w)};
            }
        }
    }
    [[nodiscard]] const std::vector<base::PictureView>& views() const noexcept { return views_; }

private:
    /// Padded as libavcodec pads its lines.
    static std::ptrdiff_t stride(int width) noexcept { return (width + 63) / 64 * 64 + 64; }

    static std::vector<std::uint8_t> make_plane(int width, int height, int phase, std::minstd_rand& noise) {
        std::vector<std::uint8_t> samples(static_cast<std::size_t>(stride(width) * height));
        for (std::ptrdiff_t y = 0; y < height; ++y) {
            for (std::ptrdiff_t x = 0; x < width; ++x) {
                const double wave = std::sin(static_cast<double>(x) / 37 + phase) * std::cos(static_cast<double>(y) / 23);
                const double level = 128 + 80 * wave + static_cast<double>(noise() % 17) - 8;
                samples[static_cast<std::size_t>(y * stride(width) + x)] = static_cast<std::uint8_t>(level);
            }
        }
        return samples;
    }

    std::vector<std::vector<std::uint8_t>> planes_;
    std::vector<base::PictureView> views_;
};

convert::PixelRequest normalised(bool antialias) {
    convert::PixelRequest request;
    request.layout = convert::Layout::cthw;
    request.dtype = convert::DType::float32;
    request.antialias = antialias;
    request.scale.fill(1.0F / (255.0F * 0.225F));
    request.bias.fill(-0.45F / 0.225F);
    return request;
}

/// The middle 224 x 224 of the picture scaled to short side 256, in the picture's own pixels. Wide pictures only.
convert::Box centre_box(int width, int height) noexcept {
    const double scaled_width = std::floor(static_cast<double>(width) * short_side / height);
    const double across = width / scaled_width;
    const double down = static_cast<double>(height) / short_side;
    return {std::round((scaled_width - sample_size) / 2) * across, (short_side - sample_size) / 2.0 * down,
            sample_size * across, sample_size * down};
}

std::vector<Case> cases() {
    const auto sample = [](std::string name, int width, int height, const convert::PixelRequest& request) {
        return Case{std::move(name), width, height, centre_box(width, height), sample_size, sample_size, request};
    };
    const auto whole = [](std::string name, int width, int height) {
        const convert::Box box{0, 0, static_cast<double>(width), static_cast<double>(height)};
        return Case{std::move(name), width, height, box, width, height, convert::PixelRequest{}};
    };
    return {sample("340x256, not scaled", 340, 256, normalised(false)),
            sample("454x256, not scaled", 454, 256, normalised(false)),
            sample("426x240", 426, 240, normalised(false)),
            sample("1280x720", 1280, 720, normalised(false)),
            sample("1280x720, antialias", 1280, 720, normalised(true)),
            sample("uint8 crop of 340x256", 340, 256, convert::PixelRequest{}),
            whole("uint8 frame of 340x256", 340, 256),
            whole("uint8 frame of 1280x720", 1280, 720)};
}

convert::PixelTarget target(const Case& work, std::uint8_t* clip, int frame) noexcept {
    const bool planar = work.request.layout == convert::Layout::cthw;
    const std::ptrdiff_t value = convert::dtype_bytes(work.request.dtype);
    const std::ptrdiff_t plane = value * work.output_width * work.output_height;
    const std::ptrdiff_t pixel = planar ? value : 3 * value;
    return {clip + frame * (planar ? plane : 3 * plane),
            work.output_width,
            work.output_height,
            work.output_width * pixel,
            pixel,
            planar ? frames * plane : value};
}

template <class Work>
double milliseconds(const Work& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

struct Times {
    double convert_ms;
    double memset_ms;
    double output_bytes;
};

/// Both times are per frame.
Times measure(const Case& work, int rounds) {
    const Pictures pictures(work.width, work.height);
    const auto value = static_cast<std::size_t>(convert::dtype_bytes(work.request.dtype));
    const std::size_t frame_bytes =
        std::size_t{3} * value * static_cast<std::size_t>(work.output_width * work.output_height);
    std::vector<std::uint8_t> clip(frames * frame_bytes);
    convert::Converter converter(work.request);
    std::vector<double> convert;
    std::vector<double> fill;
    for (int round = -warm_up_rounds; round < rounds; ++round) {
        const double converting = milliseconds([&] {
            for (int t = 0; t < frames; ++t) {
                (void)converter.convert(pictures.views()[static_cast<std::size_t>(t)], {}, work.box,
                                        target(work, clip.data(), t), [] { return false; });
            }
        });
        const double filling = milliseconds([&] { std::memset(clip.data(), round & 1, clip.size()); });
        if (round < 0) continue;
        convert.push_back(converting / frames);
        fill.push_back(filling / frames);
    }
    return {median(std::move(convert)), median(std::move(fill)), static_cast<double>(frame_bytes)};
}

void print_json(const Case& work, const Times& times, const char* separator) {
    const bool planar = work.request.layout == convert::Layout::cthw;
    const double input_bytes = work.box.width * work.box.height * 1.5;
    std::printf("%s\n{\"name\": \"%s\", \"width\": %d, \"height\": %d, \"box\": [%.6f, %.6f, %.6f, %.6f], ", separator,
                work.name.c_str(), work.width, work.height, work.box.x, work.box.y, work.box.width, work.box.height);
    std::printf("\"output\": [%d, %d], \"pixels\": \"%s\", \"antialias\": %s, ", work.output_width, work.output_height,
                planar ? "float32 CTHW" : "uint8 THWC", work.request.antialias ? "true" : "false");
    std::printf("\"ms\": %.5f, \"memset_ms\": %.5f, \"memset_ratio\": %.3f, ", times.convert_ms, times.memset_ms,
                times.convert_ms / times.memset_ms);
    std::printf("\"output_gb_s\": %.3f, \"input_gb_s\": %.3f}", times.output_bytes / times.convert_ms / 1e6,
                input_bytes / times.convert_ms / 1e6);
}

convert::KernelSet kernel_set(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, convert::KernelSet>, 4> sets{
        {{"best", convert::KernelSet::best},
         {"portable", convert::KernelSet::portable},
         {"avx2", convert::KernelSet::avx2},
         {"avx512", convert::KernelSet::avx512}}};
    const auto* found = std::ranges::find(sets, name, &std::pair<std::string_view, convert::KernelSet>::first);
    if (found == sets.end() || !convert::has_kernels(found->second)) {
        throw std::invalid_argument("this processor has no kernels called " + std::string(name));
    }
    return found->second;
}

int run(std::span<char*> arguments) {
    const convert::KernelSet kernels = kernel_set(arguments.size() > 1 ? arguments[1] : "best");
    const int rounds = arguments.size() > 2 ? std::stoi(arguments[2]) : 31;
    if (rounds < 1) throw std::invalid_argument("there must be at least one round");
    std::printf("[");
    const char* separator = "";
    for (Case work : cases()) {
        work.request.kernels = kernels;
        print_json(work, measure(work, rounds), std::exchange(separator, ","));
    }
    std::printf("\n]\n");
    return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run({argv, static_cast<std::size_t>(argc)});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "kf_kernels: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
