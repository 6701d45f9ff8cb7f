#include "base/error.hpp"

namespace kf::base {

const char* stage_name(Stage stage) noexcept {
    switch (stage) {
        case Stage::open: return "open";
        case Stage::index: return "index";
        case Stage::plan: return "plan";
        case Stage::read: return "read";
        case Stage::decode: return "decode";
    }
    return "unknown";
}

}  // namespace kf::base
