// How indexing ends early: with a Failure of the stage `index`, also where it is told to stop. Any thread.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace kf::indexing {

/// Asked between packets. Once it returns true, indexing ends with a Failure (cancelled).
using Stop = std::function<bool()>;

[[noreturn]] inline void fail(base::ErrorCode code, std::string what, std::string detail = {}) {
    throw base::Failure(code, base::Stage::index, std::move(what), std::move(detail));
}

[[noreturn]] inline void fail_encrypted() {
    fail(base::ErrorCode::unsupported, "the video is encrypted");
}

inline void throw_if_stopped(const Stop& stop) {
    if (stop()) fail(base::ErrorCode::cancelled, "indexing was stopped");
}

}  // namespace kf::indexing
