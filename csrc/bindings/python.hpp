// The only header that brings Python in, and the conversions every binding shares. The GIL is held wherever these are
// called.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "base/buffer_pool.hpp"
#include "base/error.hpp"
#include "engine/ticket.hpp"

namespace kf::bindings {

namespace py = pybind11;

/// The Python exception for an error: an instance of a class of kinetics_fast.errors.
[[nodiscard]] py::object to_exception(const base::Error& error);

/// A uint8 array over a pooled buffer; the buffer goes back when the array and all its views are gone.
[[nodiscard]] py::array_t<std::uint8_t> to_array(std::shared_ptr<base::Buffer> buffer, py::ssize_t size);

[[nodiscard]] std::chrono::nanoseconds to_duration(double seconds);
[[nodiscard]] std::optional<std::chrono::nanoseconds> to_duration(std::optional<double> seconds);

[[nodiscard]] inline bool shutting_down() noexcept {
#if PY_VERSION_HEX >= 0x030D0000
    return Py_IsFinalizing() != 0;
#else
    return _Py_IsFinalizing() != 0;
#endif
}

/// Takes the GIL back. While the interpreter shuts down a thread that asks for it is ended by force (before Python 3.14), in
/// the middle of C++ code that cannot be left so: it sleeps instead until the process is gone.
inline void take_gil_back(PyThreadState* state) {
    while (shutting_down()) std::this_thread::sleep_for(std::chrono::hours(1));
    PyEval_RestoreThread(state);
}

/// Calls work() without the GIL; it may throw.
template <class Work>
auto without_gil(Work work) -> decltype(work()) {
    if (shutting_down()) return work();  // the thread that still has the GIL is the one that shuts down, and keeps it
    PyThreadState* const state = PyEval_SaveThread();
    std::optional<decltype(work())> result;
    std::exception_ptr failure;
    try {
        result.emplace(work());
    } catch (...) {
        failure = std::current_exception();
    }
    take_gil_back(state);
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
}

/// True, once nobody writes any more.
template <class T>
bool cancel_and_wait(T& ticket) {
    ticket.cancel();
    while (!ticket.wait_for(std::chrono::seconds(1))) {
    }
    return true;
}

/// Waits without the GIL until it is over (true), or at most so long; 0 only asks. A signal (Ctrl-C) cancels the ticket; the
/// exception it raises leaves only when nobody writes any more.
template <class T>
bool wait(T& ticket, std::optional<double> seconds) {
    using namespace std::chrono_literals;
    if (ticket.wait_for(0ns)) return true;
    const auto most = to_duration(seconds).value_or(std::chrono::nanoseconds::max());
    const auto begin = engine::Clock::now();
    for (auto left = most; left > 0ns; left = most - (engine::Clock::now() - begin)) {
        if (without_gil([&] { return ticket.wait_for(std::min<engine::Clock::duration>(left, 50ms)); })) return true;
        if (PyErr_CheckSignals() == 0) continue;
        const py::error_already_set interruption;
        without_gil([&] { return cancel_and_wait(ticket); });
        throw interruption;
    }
    return false;
}

void bind_errors(py::module_& module);
void bind_index(py::module_& module);
void bind_decode(py::module_& module);
void bind_build_info(py::module_& module);

}  // namespace kf::bindings
