// What the linked FFmpeg says about how it was built. Pure, any thread.
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
