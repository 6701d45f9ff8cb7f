#include "media/versions.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace kf::media {

MediaVersions media_versions() {
    return {avcodec_license(), avcodec_configuration(), __VERSION__};
}

}  // namespace kf::media
