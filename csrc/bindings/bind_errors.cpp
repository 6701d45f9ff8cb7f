#include <cerrno>
#include <new>
#include <system_error>

#include "bindings/python.hpp"

namespace kf::bindings {

using base::Error;
using base::ErrorCode;
using base::Failure;

namespace {

const char* class_name(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::open: return "OpenError";
        case ErrorCode::resources: return "ResourceError";
        case ErrorCode::not_video:
        case ErrorCode::unsupported: return "UnsupportedError";
        case ErrorCode::corrupt: return "CorruptError";
        case ErrorCode::stale_index: return "StaleIndexError";
        case ErrorCode::range: return "FrameRangeError";
        case ErrorCode::timeout: return "DecodeTimeout";
        case ErrorCode::cancelled: break;
    }
    return "Error";
}

}  // namespace

py::object to_exception(const Error& error) {
    if (error.code == ErrorCode::resources && error.what.empty()) {
        return to_exception({error.code, error.stage, error.path, error.frame, "the machine has no memory left",
                             std::generic_category().message(ENOMEM)});
    }
    py::object type = py::module_::import("kinetics_fast.errors").attr(class_name(error.code));
    if (error.code == ErrorCode::not_video) type = type.attr("NotAVideo");
    const py::object path =
        error.path.empty() ? py::none() : py::reinterpret_steal<py::object>(PyUnicode_DecodeFSDefault(error.path.c_str()));
    const py::object frame = error.frame < 0 ? py::object(py::none()) : py::object(py::int_(error.frame));
    return type(error.what, path, frame, base::stage_name(error.stage),
                py::str(py::bytes(error.detail).attr("decode")("utf-8", "replace")));
}

void bind_errors(py::module_& module) {
    py::register_local_exception_translator(
        [](std::exception_ptr pointer) {  // NOLINT(performance-unnecessary-value-param): pybind11 takes this type
            try {
                if (pointer) std::rethrow_exception(pointer);
            } catch (const Failure& failure) {
                const py::object exception = to_exception(failure.error());
                PyErr_SetObject(py::type::of(exception).ptr(), exception.ptr());
            } catch (const std::bad_alloc&) {
                const py::object exception = to_exception(base::out_of_memory(base::Stage::plan));
                PyErr_SetObject(py::type::of(exception).ptr(), exception.ptr());
            }
        });
    (void)module;
}

}  // namespace kf::bindings
