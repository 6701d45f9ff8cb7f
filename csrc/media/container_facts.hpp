// What `kinetics-fast info` shows of a container: its name and its streams, as plain values. Any thread; opens a demuxer for
// the call and blocks on the source's reads. It reads no packet that the header does not need, and decodes nothing.
#pragma once

#include <string>
#include <vector>

#include "media/source.hpp"

namespace kf::media {

/// One stream of a container, in FFmpeg's words.
struct StreamFacts {
    std::string kind;  ///< video, audio, subtitle, data, attachment
    std::string codec;
};

struct ContainerFacts {
    std::string format;  ///< FFmpeg's name of the container
    std::vector<StreamFacts> streams;
};

/// Throws Failure (unsupported, corrupt; open where the source cannot be read).
[[nodiscard]] ContainerFacts container_facts(const Source& source);

}  // namespace kf::media
