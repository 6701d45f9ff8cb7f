#include "bindings/python.hpp"

namespace kf::bindings {

using base::Buffer;

std::chrono::nanoseconds to_duration(double seconds) {
    constexpr double longest = 1e9;  // seconds: more than anybody waits, and far from an overflow
    return std::chrono::nanoseconds(static_cast<std::int64_t>(std::min(seconds, longest) * 1e9));
}

std::optional<std::chrono::nanoseconds> to_duration(std::optional<double> seconds) {
    if (!seconds) return {};
    return to_duration(*seconds);
}

py::array to_array(std::shared_ptr<Buffer> buffer, const py::dtype& type, std::vector<py::ssize_t> shape) {
    std::uint8_t* data = buffer->data();
    auto keeper = std::make_unique<std::shared_ptr<Buffer>>(std::move(buffer));
    const py::capsule owner(keeper.get(), [](void* kept) {
        std::unique_ptr<std::shared_ptr<Buffer>>(static_cast<std::shared_ptr<Buffer>*>(kept));
    });
    (void)keeper.release();  // the capsule owns it now
    return {type, std::move(shape), {}, data, owner};
}

bool shutting_down() noexcept {
#if PY_VERSION_HEX >= 0x030D0000
    return Py_IsFinalizing() != 0;
#else
    return _Py_IsFinalizing() != 0;
#endif
}

void take_gil_back(PyThreadState* state) {
    while (shutting_down()) std::this_thread::sleep_for(std::chrono::hours(1));
    PyEval_RestoreThread(state);
}

}  // namespace kf::bindings
