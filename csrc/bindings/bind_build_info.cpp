#include "bindings/python.hpp"
#include "media/versions.hpp"

namespace kf::bindings {

void bind_build_info(py::module_& module) {
    module.def("build_info", [] {
        const media::MediaVersions media = media::media_versions();
        py::dict info;
        info["version"] = KF_VERSION;
        info["ffmpeg"] = KF_FFMPEG_VERSION;
        info["dav1d"] = KF_DAV1D_VERSION;
        info["bundled"] = py::bool_(KF_FFMPEG_BUNDLED);
        info["assembly"] = py::bool_(KF_FFMPEG_HAS_ASSEMBLY);
        info["damage_log_texts"] = py::bool_(KF_DAMAGE_LOG_TEXTS);
        info["license"] = media.license;
        info["configuration"] = media.configuration;
        info["compiler"] = media.compiler;
        return info;
    });
}

}  // namespace kf::bindings
