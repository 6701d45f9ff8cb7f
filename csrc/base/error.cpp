#include "base/error.hpp"

#include <cerrno>
#include <new>

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

Error out_of_memory(Stage stage) noexcept {
    Error error;
    error.code = ErrorCode::resources;
    error.stage = stage;
    return error;
}

Error current_error(Stage stage, const char* what) noexcept {
    try {
        try {
            throw;
        } catch (const Failure& failure) {
            return failure.error();
        } catch (const std::bad_alloc&) {
            return out_of_memory(stage);
        } catch (const std::exception& error) {
            return {ErrorCode::corrupt, stage, {}, -1, what, error.what()};
        }
    } catch (...) {  // there is no memory for the texts
        return out_of_memory(stage);
    }
}

bool is_scarcity(int system_error) noexcept {
    return system_error == EMFILE || system_error == ENFILE || system_error == ENOMEM;
}

}  // namespace kf::base
