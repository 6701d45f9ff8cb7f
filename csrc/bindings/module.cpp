#include "bindings/python.hpp"

PYBIND11_MODULE(_core, module, pybind11::mod_gil_not_used()) {
    module.doc() = "The compiled core of kinetics_fast. Private: use the package's own names.";
    kf::bind_errors(module);
    kf::bind_index(module);
    kf::bind_decode(module);
    kf::bind_build_info(module);
}
