// Bytes of Python that the core reads in place. A bytes object never changes, nor does what was fetched from a store, so
// nothing is copied; the core keeps a reference. A thread of the engine may be the last to use the bytes, and may not touch
// Python. So whoever is last sets the reference aside, and a thread that has the GIL gives it back: when a source or a
// decoding is destroyed, and before new work is submitted.
#pragma once

#include <memory>

#include "base/bytes.hpp"
#include "bindings/python.hpp"
#include "media/source.hpp"

namespace kf::bindings {

/// Shares the memory of an object with the buffer protocol, which nobody may change. With the GIL; the result may be dropped
/// by any thread. Throws Python's error where the object has no contiguous memory.
[[nodiscard]] std::shared_ptr<const base::Bytes> share_bytes(const py::object& object);

/// Gives back the references that were set aside. With the GIL.
void release_dropped_bytes() noexcept;

/// Destroys a source that Python owned.
struct SourceDeleter {
    void operator()(media::SourceSpec* source) const noexcept {
        std::default_delete<media::SourceSpec>()(source);
        release_dropped_bytes();
    }
};

}  // namespace kf::bindings
