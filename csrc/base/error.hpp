// The one error type of the core: where it happened (stage) and what caused it (code), with the path, the frame and FFmpeg's
// last words. A plain value: it is returned or stored in a ticket; it crosses threads as data, never as an exception.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace kf::base {

enum class ErrorCode : std::uint8_t {
    open,         ///< the file cannot be opened or read
    unsupported,  ///< a container, codec or pixel format that is not read
    corrupt,      ///< the bytes contradict themselves, are cut short or do not decode
    stale_index,  ///< the file has changed since it was indexed
    range,        ///< no such frame
    timeout,      ///< the time limit ran out
    cancelled,    ///< the caller gave up
};

enum class Stage : std::uint8_t { open, index, plan, read, decode };

[[nodiscard]] const char* stage_name(Stage stage) noexcept;

struct Error {
    ErrorCode code = ErrorCode::corrupt;
    Stage stage = Stage::open;
    std::string path;
    std::int64_t frame = -1;  ///< presentation order; -1 where no single frame is meant
    std::string what;         ///< what happened and what to do
    std::string detail;       ///< FFmpeg's or the system's last words; may be empty
};

/// Thrown at the edges of a room (open, index, plan), caught where a job ends. Never thrown in a decode or convert loop.
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
