#include "bindings/python.hpp"

PYBIND11_MODULE(_core, module, pybind11::mod_gil_not_used()) {
    module.doc() = "The compiled core of kinetics_fast. Private: use the package's own names.";
    kf::bindings::bind_errors(module);
    kf::bindings::bind_index(module);
    kf::bindings::bind_result(module);
    kf::bindings::bind_decode(module);
    kf::bindings::bind_build_info(module);
}
