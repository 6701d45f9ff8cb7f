#include "engine/decode_request.hpp"

#include <utility>

namespace kf::engine {

DecodeStats& DecodeStats::operator+=(const DecodeStats& other) noexcept {
    runs += other.runs;
    packets_sent += other.packets_sent;
    packets_dropped += other.packets_dropped;
    frames_decoded += other.frames_decoded;
    frames_converted += other.frames_converted;
    bytes_read += other.bytes_read;
    seconds_reading += other.seconds_reading;
    seconds_decoding += other.seconds_decoding;
    seconds_converting += other.seconds_converting;
    return *this;
}

void DecodeResult::add_error(std::int32_t row, FrameError error) {
    const auto [known, added] = errors.try_emplace(row, error);
    if (!added && error.frame < known->second.frame) known->second = std::move(error);
}

}  // namespace kf::engine
