// What a decode ticket is asked for and what it answers: plain values. Who makes one owns it; a ticket's request does not
// change.
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
    damaged = 1,  ///< it has pixels, but libavcodec had to guess parts of it or of a picture that it may refer to
    failed = 2,   ///< zeros: it could not be decoded
    not_run = 3,  ///< zeros: the ticket was stopped before
};

/// A source and its index.
struct VideoRequest {
    media::SourceSpec source;
    std::shared_ptr<const index::FrameIndex> index;
};

/// One view of one clip: frames of one video, in one crop, for one row of the output.
struct RowRequest {
    std::int32_t video = 0;            ///< position in DecodeRequest::videos
    std::int64_t place = 0;            ///< row of the output
    std::vector<std::int64_t> frames;  ///< frame numbers
    std::optional<convert::Box> box;   ///< without a box, the whole frame
    bool flip = false;
};

/// Where pixels go: an array that has the same shape for every row. Or, with `planes`, the decoded planes in buffers of
/// their own.
struct OutputRequest {
    std::uint8_t* data = nullptr;  ///< written only until the ticket is over
    std::int64_t rows = 0;         ///< of the whole array; rows that no RowRequest names are not written
    std::int64_t frames = 0;       ///< per row
    bool planes = false;
    convert::PixelRequest pixels;
    int width = 0;
    int height = 0;
};

/// The planes of one frame, one after the other in one buffer; no buffer where the frame failed.
struct PlanesPicture {
    std::shared_ptr<base::Buffer> buffer;
    base::PixelLayout layout;
    int width = 0;
    int height = 0;
};

struct DecodeRequest {
    std::vector<VideoRequest> videos;
    std::vector<RowRequest> rows;  ///< each with output.frames frames
    OutputRequest output;
    std::optional<std::chrono::nanoseconds> timeout;
    bool may_continue = false;  ///< a later request may ask for the frames behind these: worth holding a run for
};

/// Sums over the runs of a ticket. The seconds of threads that work at the same time are added up.
struct DecodeStats {
    std::int64_t runs = 0;
    std::int64_t packets_sent = 0;
    std::int64_t packets_dropped = 0;
    std::int64_t frames_decoded = 0;
    std::int64_t frames_converted = 0;
    std::int64_t bytes_read = 0;
    double seconds_reading = 0;
    double seconds_decoding = 0;  ///< without converting
    double seconds_converting = 0;

    DecodeStats& operator+=(const DecodeStats& other) noexcept;
};

/// Why a frame of a row is not ok.
struct FrameError {
    std::int32_t frame = 0;  ///< position in the row
    base::Error error;
};

struct DecodeResult {
    std::vector<FrameStatus> status;            ///< rows x frames
    std::vector<double> timestamps;             ///< rows x frames: when each frame is shown, in seconds
    std::vector<PlanesPicture> planes;          ///< rows x frames; empty unless planes were asked for
    std::map<std::int32_t, FrameError> errors;  ///< by row: the error of its first frame that is not ok
    DecodeStats stats;

    /// Keeps the error where it is of an earlier frame than the row's error so far. Errors may come in any order.
    void add_error(std::int32_t row, FrameError error);
};

}  // namespace kf::engine
