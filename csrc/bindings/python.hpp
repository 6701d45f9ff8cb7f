// The only header that brings Python in, and the conversions every binding shares. The GIL is held wherever these are
// called.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <chrono>
#include <memory>
#include <optional>

#include "base/buffer_pool.hpp"
#include "base/error.hpp"

namespace kf {

namespace py = pybind11;

/// The Python exception for an error: an instance of a class of kinetics_fast.errors.
[[nodiscard]] py::object to_exception(const Error& error);

/// A uint8 array over a pooled buffer; the buffer goes back when the array and all its views are gone.
[[nodiscard]] py::array_t<std::uint8_t> to_array(std::shared_ptr<Buffer> buffer, py::ssize_t size);

[[nodiscard]] std::optional<std::chrono::nanoseconds> to_duration(std::optional<double> seconds);

/// Waits without the GIL. A signal (Ctrl-C) cancels the ticket; the exception it raises leaves only when nobody writes any
/// more.
template <class T>
void wait(T& ticket) {
    using namespace std::chrono_literals;
    while (true) {
        {
            const py::gil_scoped_release unlocked;
            if (ticket.wait_for(50ms)) return;
        }
        if (PyErr_CheckSignals() == 0) continue;
        const py::error_already_set interruption;
        {
            const py::gil_scoped_release unlocked;
            ticket.cancel();
            while (!ticket.wait_for(1s)) {
            }
        }
        throw interruption;
    }
}

void bind_errors(py::module_& module);
void bind_index(py::module_& module);
void bind_decode(py::module_& module);
void bind_build_info(py::module_& module);

}  // namespace kf
