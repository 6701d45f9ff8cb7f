// Adds the time of its life to a sum. It lives on the stack of one thread; the sum must outlive it.
#pragma once

#include <chrono>

namespace kf::engine {

class Stopwatch {
public:
    explicit Stopwatch(double& seconds) noexcept : seconds_(seconds), begin_(std::chrono::steady_clock::now()) {}
    ~Stopwatch() { seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;

private:
    double& seconds_;
    std::chrono::steady_clock::time_point begin_;
};

}  // namespace kf::engine
