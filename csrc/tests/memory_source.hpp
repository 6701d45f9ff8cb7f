// A Source over bytes that a test makes by hand.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "media/source.hpp"

namespace kf::tests {

using ByteVector = std::vector<std::uint8_t>;

inline std::unique_ptr<media::Source> memory_source(ByteVector bytes) {
    media::SourceSpec spec;
    spec.bytes = media::in_memory(std::move(bytes));
    return media::open_source(spec);
}

}  // namespace kf::tests
