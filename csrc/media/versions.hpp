// What the linked FFmpeg says of itself. Pure, any thread.
#pragma once

#include <string>

namespace kf::media {

struct MediaVersions {
    std::string license;
    std::string configuration;
    std::string compiler;
};

[[nodiscard]] MediaVersions media_versions();

}  // namespace kf::media
