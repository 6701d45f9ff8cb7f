#include "bindings/python.hpp"
#include "convert/plane_copy.hpp"
#include "engine/decode_request.hpp"

namespace kf::bindings {

using engine::DecodeResult;

namespace {

py::dict to_dict(const engine::DecodeStats& stats) {
    py::dict values;
    values["runs"] = stats.runs;
    values["packets_sent"] = stats.packets_sent;
    values["packets_dropped"] = stats.packets_dropped;
    values["frames_decoded"] = stats.frames_decoded;
    values["frames_converted"] = stats.frames_converted;
    values["bytes_read"] = stats.bytes_read;
    values["seconds_reading"] = stats.seconds_reading;
    values["seconds_decoding"] = stats.seconds_decoding;
    values["seconds_converting"] = stats.seconds_converting;
    return values;
}

/// The frame's planes, as two-dimensional arrays over one buffer.
py::tuple to_planes(const engine::PlanesPicture& picture) {
    if (!picture.buffer) return py::make_tuple();
    const py::ssize_t sample = picture.layout.sample_bytes();
    const py::array_t<std::uint8_t> all = to_array(picture.buffer, py::dtype::of<std::uint8_t>(),
                                                   {convert::plane_bytes(picture.layout, picture.width, picture.height)});
    const auto type = sample == 2 ? py::dtype::of<std::uint16_t>() : py::dtype::of<std::uint8_t>();
    py::tuple planes(picture.layout.planes);
    const std::uint8_t* data = all.data();
    for (int p = 0; p < picture.layout.planes; ++p) {
        const py::ssize_t width = picture.layout.plane_width(p, picture.width);
        const py::ssize_t height = picture.layout.plane_height(p, picture.height);
        planes[static_cast<std::size_t>(p)] = py::array(type, {height, width}, {width * sample, sample}, data, all);
        data += width * height * sample;
    }
    return planes;
}

py::array_t<std::uint8_t> status_of(const DecodeResult& result) {
    py::array_t<std::uint8_t> status(static_cast<py::ssize_t>(result.status.size()));
    std::uint8_t* into = status.mutable_data();
    for (const engine::FrameStatus value : result.status) *into++ = static_cast<std::uint8_t>(value);
    return status;
}

py::array_t<double> timestamps_of(const DecodeResult& result) {
    return py::array_t<double>(static_cast<py::ssize_t>(result.timestamps.size()), result.timestamps.data());
}

py::dict errors_of(const DecodeResult& result) {
    py::dict errors;
    for (const auto& [row, first] : result.errors) errors[py::int_(row)] = to_exception(first.error);
    return errors;
}

py::list planes_of(const DecodeResult& result) {
    py::list planes;
    for (const engine::PlanesPicture& picture : result.planes) planes.append(to_planes(picture));
    return planes;
}

}  // namespace

void bind_result(py::module_& module) {
    // What nobody asks for becomes no object of Python.
    py::class_<DecodeResult>(module, "DecodeResult")
        .def_property_readonly("errors", &errors_of)
        .def("status", &status_of)
        .def("timestamps", &timestamps_of)
        .def("stats", [](const DecodeResult& result) { return to_dict(result.stats); })
        .def("planes", &planes_of);
}

}  // namespace kf::bindings
