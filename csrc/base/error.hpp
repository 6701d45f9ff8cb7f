// The one error type of the core: what happened (code), where (stage), and the path, the frame and FFmpeg's last log line. A
// plain value that its owner returns or stores in a ticket. It crosses threads as data, never as an exception.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace kf::base {

enum class ErrorCode : std::uint8_t {
    open,         ///< the file cannot be opened or read
    unsupported,  ///< a container, codec or pixel format that is not supported, or a limit that is exceeded
    corrupt,      ///< the bytes contradict themselves, are cut short or do not decode
    stale_index,  ///< the file has changed since it was indexed
    range,        ///< there is no such frame
    timeout,      ///< the time limit ran out
    cancelled,    ///< the caller cancelled the work
};

enum class Stage : std::uint8_t { open, index, plan, read, decode };

[[nodiscard]] const char* stage_name(Stage stage) noexcept;

struct Error {
    ErrorCode code = ErrorCode::corrupt;
    Stage stage = Stage::open;
    std::string path;
    std::int64_t frame = -1;  ///< number of the frame; -1 where the error is not about one frame
    std::string what;         ///< what happened and what to do
    std::string detail;       ///< FFmpeg's last log line or the system's message; may be empty
};

/// An Error on its way out of open, index, plan or read; the job that it ends catches it. It is never thrown per packet or
/// frame.
class Failure : public std::runtime_error {
public:
    explicit Failure(Error error) : std::runtime_error(error.what), error_(std::move(error)) {}
    Failure(ErrorCode code, Stage stage, std::string what, std::string detail = {})
        : Failure(Error{code, stage, {}, -1, std::move(what), std::move(detail)}) {}

    [[nodiscard]] const Error& error() const noexcept { return error_; }

private:
    Error error_;
};

}  // namespace kf::base
