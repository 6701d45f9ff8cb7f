// What a decode ticket is asked for, and what it answers: plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/buffer_pool.hpp"
#include "base/error.hpp"
#include "base/picture_view.hpp"
#include "convert/pixel_request.hpp"
#include "index/frame_index.hpp"
#include "media/source.hpp"

namespace kf::engine {

enum class FrameStatus : std::uint8_t {
    ok = 0,
    damaged = 1,  ///< its pixels are there, but libavcodec had to guess, in it or in what it refers to
    failed = 2,   ///< zeros
    not_run = 3,  ///< zeros: stopped before it was reached
};

struct VideoRequest {
    media::SourceSpec source;
    std::shared_ptr<const index::FrameIndex> index;
};

struct RowRequest {
    std::int32_t video = 0;
    std::int64_t place = 0;            ///< row of the output
    std::vector<std::int64_t> frames;  ///< frame numbers within the index
    std::optional<convert::Box> box;   ///< the whole frame where there is none
    bool flip = false;
};

/// Pixels of one shape for every row, or (`planes`) the decoded planes as they are, in memory of their own.
struct OutputRequest {
    std::uint8_t* data = nullptr;  ///< pixels; written only while the ticket lives
    std::int64_t rows = 0;         ///< of the whole array; those that no request names are left alone
    std::int64_t frames = 0;       ///< a row
    bool planes = false;
    convert::PixelRequest pixels;
    int width = 0;
    int height = 0;
};

/// One frame's planes, one after the other; nothing where it failed.
struct PlanesPicture {
    std::shared_ptr<base::Buffer> buffer;
    base::PixelLayout layout;
    int width = 0;
    int height = 0;
};

struct DecodeRequest {
    std::vector<VideoRequest> videos;
    std::vector<RowRequest> rows;  ///< with output.frames frames each
    OutputRequest output;
    std::optional<std::chrono::nanoseconds> timeout;
};

/// Sums over a ticket's runs. Times are CPU-side seconds of the threads that did the work, added up.
struct DecodeStats {
    std::int64_t runs = 0;
    std::int64_t packets_sent = 0;
    std::int64_t packets_dropped = 0;
    std::int64_t frames_decoded = 0;
    std::int64_t frames_converted = 0;
    std::int64_t bytes_read = 0;
    double seconds_reading = 0;
    double seconds_decoding = 0;
    double seconds_converting = 0;

    DecodeStats& operator+=(const DecodeStats& other) noexcept;
};

/// Why a frame of a row is not OK.
struct FrameError {
    std::int32_t frame = 0;  ///< position in the row
    base::Error error;
};

struct DecodeResult {
    std::vector<FrameStatus> status;            ///< rows x frames
    std::vector<PlanesPicture> planes;          ///< rows x frames, where planes were asked for
    std::map<std::int32_t, FrameError> errors;  ///< of each row the first frame's
    DecodeStats stats;

    /// In whatever order they come, so that what a user is told does not depend on it.
    void add_error(std::int32_t row, FrameError error);
};

}  // namespace kf::engine
