#include "bindings/shared_bytes.hpp"

#include <atomic>

namespace kf::bindings {
namespace {

struct Reference {
    Py_buffer view{};
    base::Bytes bytes;
    Reference* next = nullptr;  // of those that were dropped
};

// A list without a lock: a fork may come while another thread adds to it. Constant initialisation and a trivial destructor:
// threads of the engine outlive main.
constinit std::atomic<Reference*> dropped = nullptr;

void drop(Reference* reference) noexcept {
    reference->next = dropped.load();
    while (!dropped.compare_exchange_weak(reference->next, reference)) {
    }
}

}  // namespace

std::shared_ptr<const base::Bytes> share_bytes(const py::object& object) {
    release_dropped_bytes();
    auto reference = std::make_unique<Reference>();
    if (PyObject_GetBuffer(object.ptr(), &reference->view, PyBUF_SIMPLE) != 0) throw py::error_already_set();
    const auto* begin = static_cast<const std::uint8_t*>(reference->view.buf);
    reference->bytes = {begin, static_cast<std::size_t>(reference->view.len)};
    const std::shared_ptr<Reference> owner(reference.release(),
                                           drop);  // drops it too where there is no memory for the owner
    return {owner, &owner->bytes};
}

void release_dropped_bytes() noexcept {
    if (dropped.load(std::memory_order_relaxed) == nullptr) return;
    for (Reference* reference = dropped.exchange(nullptr); reference != nullptr;) {
        const std::unique_ptr<Reference> last(reference);
        reference = last->next;
        PyBuffer_Release(&last->view);
    }
}

}  // namespace kf::bindings
