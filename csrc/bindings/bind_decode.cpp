#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include "base/cpu_budget.hpp"
#include "bindings/python.hpp"
#include "bindings/shared_bytes.hpp"
#include "convert/kernels/kernel_table.hpp"
#include "engine/engine.hpp"

namespace kf::bindings {

using convert::PixelRequest;
using engine::DecodeRequest;
using engine::DecodeResult;
using engine::OutputRequest;
using engine::TaskLimit;

namespace {

using Video = std::pair<media::SourceSpec, std::shared_ptr<index::FrameIndex>>;
/// A RowRequest as Python gives it: video, place in the output, frame numbers, box, flip.
using Row = std::tuple<std::int32_t, std::int64_t, std::vector<std::int64_t>, std::optional<std::array<double, 4>>, bool>;

/// A ticket and the array that it writes to. Destroying the handle cancels the work and waits until nobody writes any more.
class DecodeHandle {
public:
    explicit DecodeHandle(py::array output) : output_(std::move(output)) {}
    ~DecodeHandle() {
        if (ticket_ && !ticket_->inherited() && !ticket_->is_over())
            without_gil([this] { return cancel_and_wait(*ticket_); });
        ticket_.reset();
        release_dropped_bytes();
    }
    DecodeHandle(const DecodeHandle&) = delete;
    DecodeHandle& operator=(const DecodeHandle&) = delete;

    /// Call it once, before anything else.
    void submit(DecodeRequest request, const std::shared_ptr<TaskLimit>& threads) {
        ticket_ = without_gil([&] { return engine::Engine::current()->submit_decode(std::move(request), threads); });
    }

    bool wait(std::optional<double> seconds) { return bindings::wait(*ticket_, seconds); }
    void cancel() { ticket_->cancel(); }
    void set_timeout(double seconds) { ticket_->set_timeout(to_duration(seconds)); }
    [[nodiscard]] double seconds_since_done() { return ticket_->seconds_since_done(); }
    std::unique_ptr<DecodeResult> result() {
        return std::make_unique<DecodeResult>(without_gil([this] { return ticket_->result(); }));
    }

private:
    std::shared_ptr<engine::DecodeTicket> ticket_;
    py::array output_;
};

/// Recycled memory with any content.
py::array empty(std::vector<py::ssize_t> shape, const py::dtype& type) {
    py::ssize_t bytes = type.itemsize();
    for (const py::ssize_t extent : shape) {
        if (extent < 0) throw py::value_error("an extent of a shape must not be negative");
        if (__builtin_mul_overflow(bytes, extent, &bytes)) throw std::bad_alloc();
    }
    return to_array(engine::Engine::current()->buffers().acquire(static_cast<std::size_t>(bytes)), type, std::move(shape));
}

/// 0: the best set, 1: portable, 2: AVX2, 3: AVX-512. For tests that compare the sets.
void set_kernels(PixelRequest& request, int number) {
    const auto set = static_cast<convert::KernelSet>(number);
    if (number < 0 || number > static_cast<int>(convert::KernelSet::avx512) || !convert::has_kernels(set)) {
        throw py::value_error("this processor or this build has no such kernels");
    }
    request.kernels = set;
}

/// The core writes to this address without further checks, so the array must have exactly the size that the request fills.
std::uint8_t* checked_data(py::array& output, std::int64_t bytes) {
    if (!output.writeable()) throw py::value_error("the output array must be writable");
    if ((output.flags() & py::array::c_style) == 0) throw py::value_error("the output array must be C-contiguous");
    if (output.nbytes() != bytes) throw py::value_error("the output array must have the size that the request fills");
    return static_cast<std::uint8_t*>(output.mutable_data());
}

DecodeRequest make_request(std::vector<Video> videos, const std::vector<Row>& rows, OutputRequest output,
                           std::optional<double> timeout) {
    DecodeRequest request;
    for (auto& [source, index] : videos) request.videos.push_back({std::move(source), std::move(index)});
    for (const auto& [video, place, frames, box, flip] : rows) {
        if (video < 0 || static_cast<std::size_t>(video) >= request.videos.size())
            throw py::index_error("a row names a video that is not there");
        if (place < 0 || place >= output.rows) throw py::index_error("a row lies outside the output");
        if (static_cast<std::int64_t>(frames.size()) != output.frames)
            throw py::value_error("every row must have the output's number of frames");
        engine::RowRequest row{video, place, frames, std::nullopt, flip};
        if (box) row.box = convert::Box{(*box)[0], (*box)[1], (*box)[2], (*box)[3], false};
        request.rows.push_back(std::move(row));
    }
    request.output = output;
    request.timeout = to_duration(timeout);
    return request;
}

std::shared_ptr<TaskLimit> thread_limit(int threads) {
    if (threads > base::max_threads) throw py::value_error("threads must be at most " + std::to_string(base::max_threads));
    return std::make_shared<TaskLimit>(threads > 0 ? threads : base::cpu_budget());
}

std::unique_ptr<DecodeHandle> submit(DecodeRequest request, const std::shared_ptr<TaskLimit>& threads, py::array output) {
    auto handle = std::make_unique<DecodeHandle>(std::move(output));
    handle->submit(std::move(request), threads);
    return handle;
}

std::unique_ptr<DecodeHandle> submit_decode(std::vector<Video> videos, const std::vector<Row>& rows, py::array output,
                                            std::pair<int, int> size, const PixelRequest& pixels,
                                            const std::shared_ptr<TaskLimit>& threads, std::optional<double> timeout,
                                            bool may_continue) {
    const auto [height, width] = size;
    if (output.ndim() != 5 || height <= 0 || width <= 0)
        throw py::value_error("the output must have five dimensions and a positive size");
    OutputRequest request;
    request.rows = output.shape(0);
    request.frames = output.shape(pixels.layout == convert::Layout::cthw ? 2 : 1);
    request.pixels = pixels;
    request.width = width;
    request.height = height;
    const std::int64_t frame_bytes = std::int64_t{height} * width * pixels.channels() * convert::dtype_bytes(pixels.dtype);
    request.data = checked_data(output, request.rows * request.frames * frame_bytes);
    DecodeRequest made = make_request(std::move(videos), rows, request, timeout);
    made.may_continue = may_continue;
    return submit(std::move(made), threads, std::move(output));
}

std::unique_ptr<DecodeHandle> submit_planes(Video video, std::vector<std::int64_t> frames) {
    OutputRequest request;
    request.planes = true;
    request.rows = 1;
    request.frames = static_cast<std::int64_t>(frames.size());
    const Row row{0, 0, std::move(frames), std::nullopt, false};
    DecodeRequest made = make_request({std::move(video)}, {row}, request, std::nullopt);
    made.may_continue = true;
    return submit(std::move(made), thread_limit(0), py::array());
}

}  // namespace

void bind_decode(py::module_& module) {
    py::class_<PixelRequest>(module, "PixelRequest")
        .def(py::init([](int layout, int dtype, int color, int interpolation, bool antialias, std::array<float, 3> scale,
                         std::array<float, 3> bias) {
                 return PixelRequest{static_cast<convert::Layout>(layout),
                                     static_cast<convert::DType>(dtype),
                                     static_cast<convert::ColorOrder>(color),
                                     static_cast<convert::Interpolation>(interpolation),
                                     antialias,
                                     scale,
                                     bias};
             }),
             py::arg("layout"), py::arg("dtype"), py::arg("color"), py::arg("interpolation"), py::arg("antialias"),
             py::arg("scale"), py::arg("bias"))
        .def_property(
            "kernels", [](const PixelRequest& request) { return static_cast<int>(request.kernels); }, &set_kernels);

    py::class_<TaskLimit, std::shared_ptr<TaskLimit>>(module, "ThreadLimit")
        .def(py::init(&thread_limit), py::arg("threads"));

    py::class_<DecodeHandle>(module, "DecodeTicket")
        .def("wait", &DecodeHandle::wait, py::arg("seconds") = py::none())
        .def("cancel", &DecodeHandle::cancel)
        .def("set_timeout", &DecodeHandle::set_timeout, py::arg("seconds"))
        .def("seconds_since_done", &DecodeHandle::seconds_since_done)
        .def("result", &DecodeHandle::result);

    module.def("submit_decode", &submit_decode, py::arg("videos"), py::arg("rows"), py::arg("output"), py::arg("size"),
               py::arg("pixels"), py::arg("threads"), py::arg("timeout"), py::arg("may_continue") = false);
    module.def("submit_planes", &submit_planes, py::arg("video"), py::arg("frames"));
    module.def("empty", &empty, py::arg("shape"), py::arg("dtype"));
    // For tests: every decoder that can have so many threads has them, however short its run is; 0 ends that.
    module.def(
        "force_decoder_threads", [](int threads) { engine::Engine::current()->idle_cpus().force(threads); },
        py::arg("threads"));
    module.def(
        "limit_io_threads", [](int threads) { engine::Engine::current()->limit_io_threads(threads); }, py::arg("threads"));
    module.def("cpu_budget", &base::cpu_budget);
    module.attr("MAX_THREADS") = base::max_threads;
}

}  // namespace kf::bindings
