// The one error type of the core: what went wrong (code) and where (stage), with the path, the frame and the last line of
// FFmpeg's log. A plain value that is returned or stored in a ticket. It crosses threads as data, never as an exception.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace kf::base {

enum class ErrorCode : std::uint8_t {
    open,         ///< the file cannot be opened or read
    resources,    ///< no memory, file descriptors or threads are left: the machine's fault, never the file's
    not_video,    ///< unsupported because no video is in the source: no known container, or no video stream in it
    unsupported,  ///< a container, codec or pixel format that is not supported, or a limit that is exceeded
    corrupt,      ///< the bytes contradict each other, are cut short or cannot be decoded
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
    std::int64_t frame = -1;  ///< frame number; -1 where the error is not about a single frame
    std::string what;         ///< what happened and what to do; empty where memory ran out: a text would need some
    std::string detail;       ///< the last line of FFmpeg's log, or the system's message; may be empty
};

/// An Error as an exception. Thrown while opening, indexing and planning, and caught in the same thread where a job ends.
/// Never thrown in a loop that decodes or converts.
class Failure : public std::runtime_error {
public:
    explicit Failure(Error error) : std::runtime_error(error.what), error_(std::move(error)) {}
    Failure(ErrorCode code, Stage stage, std::string what, std::string detail = {})
        : Failure(Error{code, stage, {}, -1, std::move(what), std::move(detail)}) {}

    [[nodiscard]] const Error& error() const noexcept { return error_; }

private:
    Error error_;
};

/// Allocates nothing.
[[nodiscard]] Error out_of_memory(Stage stage) noexcept;

/// In a catch block: the Error of the exception that is handled. `what` is what could not be done, for exceptions that are
/// neither a Failure nor a lack of memory.
[[nodiscard]] Error current_error(Stage stage, const char* what) noexcept;

/// Whether this errno says that the machine has no more memory, file descriptors or threads.
[[nodiscard]] bool is_scarcity(int system_error) noexcept;

}  // namespace kf::base
