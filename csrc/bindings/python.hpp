// What every binding shares: the only header that includes Python, conversions of values, and waiting without the GIL.
// Everything here is called with the GIL held. It holds no logic of decoding.
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
#include <vector>

#include "base/buffer_pool.hpp"
#include "base/error.hpp"
#include "engine/ticket.hpp"

namespace kf::bindings {

namespace py = pybind11;

/// The Python exception for an error: an instance of a class of kinetics_fast.errors.
[[nodiscard]] py::object to_exception(const base::Error& error);

/// An array over a pooled buffer, which is large enough. The buffer goes back to the pool when the array and all its views
/// are gone.
[[nodiscard]] py::array to_array(std::shared_ptr<base::Buffer> buffer, const py::dtype& type,
                                 std::vector<py::ssize_t> shape);

/// Limited to some thirty years.
[[nodiscard]] std::chrono::nanoseconds to_duration(double seconds);
[[nodiscard]] std::optional<std::chrono::nanoseconds> to_duration(std::optional<double> seconds);

/// Whether the interpreter shuts down.
[[nodiscard]] bool shutting_down() noexcept;

/// Takes the GIL back; where the interpreter shuts down, sleeps until the process has ended.
void take_gil_back(PyThreadState* state);

/// Calls work() without the GIL; work may throw, and returns a value.
///
/// It stands for py::gil_scoped_release, which takes the GIL back in a destructor. Before Python 3.14, an interpreter that
/// shuts down ends every thread that asks for the GIL by unwinding its stack, and unwinding through a destructor ends the
/// process. take_gil_back never asks while the interpreter shuts down.
template <class Work>
auto without_gil(Work work) -> decltype(work()) {
    if (shutting_down()) return work();  // only the thread that shuts down has the GIL now; it keeps the GIL
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

/// Returns true when the ticket is over, so that nobody writes any more.
template <class T>
bool cancel_and_wait(T& ticket) {
    ticket.cancel();
    while (!ticket.wait_for(std::chrono::seconds(1))) {
    }
    return true;
}

/// Waits without the GIL until the ticket is over, but at most so long (0: does not wait); true where it is over. A signal
/// such as Ctrl-C cancels the ticket. The signal's exception is thrown when nobody writes any more.
template <class T>
bool wait(T& ticket, std::optional<double> seconds) {
    using namespace std::chrono_literals;
    if (ticket.is_over()) return true;
    const auto most = to_duration(seconds).value_or(std::chrono::nanoseconds::max());
    if (most <= 0ns) return ticket.wait_for(0ns);
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
void bind_result(py::module_& module);
void bind_decode(py::module_& module);
void bind_build_info(py::module_& module);

}  // namespace kf::bindings
