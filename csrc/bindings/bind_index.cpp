#include <cstring>

#include "bindings/python.hpp"
#include "bindings/shared_bytes.hpp"
#include "engine/engine.hpp"
#include "index/frame_index.hpp"
#include "index/index_format.hpp"
#include "media/picture_properties.hpp"
#include "media/pieces.hpp"
#include "media/source.hpp"
#include "media/stream_choice.hpp"
#include "plan/fetching.hpp"

namespace kf::bindings {

using engine::FactsTicket;
using engine::IndexTicket;
using index::FrameIndex;
using media::SourceSpec;

namespace {

using IndexPointer = std::shared_ptr<const FrameIndex>;

base::Bytes bytes_of(const py::buffer_info& info) {
    if (PyBuffer_IsContiguous(info.view(), 'C') == 0) throw py::value_error("the bytes must be contiguous");
    return {static_cast<const std::uint8_t*>(info.ptr), static_cast<std::size_t>(info.size * info.itemsize)};
}

/// A bytes object is shared. What may change or be resized is copied: holding its buffer would forbid its owner to do so.
SourceSpec memory_source(const py::buffer& buffer) {
    SourceSpec spec;
    if (py::isinstance<py::bytes>(buffer)) {
        spec.bytes = share_bytes(buffer);
        return spec;
    }
    const py::buffer_info info = buffer.request();
    const base::Bytes bytes = bytes_of(info);
    spec.bytes = media::in_memory({bytes.begin(), bytes.end()});
    return spec;
}

SourceSpec file_source(const py::bytes& path, std::int64_t offset, std::int64_t size) {
    SourceSpec spec;
    spec.path = path;
    spec.offset = offset;
    spec.size = size;
    if (spec.path.find('\0') != std::string::npos) throw py::value_error("a path cannot hold a null character");
    return spec;
}

/// pieces: (offset, object with the buffer protocol), which is shared.
SourceSpec pieces_source(const py::bytes& name, std::int64_t size,
                         const std::vector<std::pair<std::int64_t, py::object>>& pieces) {
    std::vector<media::Pieces::Piece> shared;
    shared.reserve(pieces.size());
    for (const auto& [offset, object] : pieces) shared.push_back({offset, share_bytes(object)});
    SourceSpec spec;
    spec.pieces = std::make_shared<media::Pieces>(name, size, std::move(shared));
    return spec;
}

/// (offset, size) of what reads of a source in pieces missed.
std::vector<std::pair<std::int64_t, std::int64_t>> missing_of(const SourceSpec& spec) {
    std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
    if (!spec.pieces) return ranges;
    for (const media::Pieces::Range& range : spec.pieces->missing()) ranges.emplace_back(range.offset, range.size);
    return ranges;
}

/// (offset, size) of what has to be fetched before these frames are decoded.
std::vector<std::pair<std::int64_t, std::int64_t>> ranges_to_fetch(const FrameIndex& index,
                                                                   const std::vector<std::int64_t>& frames) {
    for (const std::int64_t frame : frames) {
        if (frame < 0 || frame >= index.frame_count()) throw py::index_error("the video has no such frame");
    }
    std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
    for (const plan::ByteRange& range : plan::ranges_to_fetch(index, frames))
        ranges.emplace_back(range.position, range.size);
    return ranges;
}

py::tuple source_state(const SourceSpec& spec) {
    if (spec.pieces) throw py::type_error("a source in pieces cannot be pickled");
    if (!spec.bytes) return py::make_tuple(py::bytes(spec.path), spec.offset, spec.size);
    return py::make_tuple(py::bytes(reinterpret_cast<const char*>(spec.bytes->data()), spec.bytes->size()));
}

SourceSpec source_from_state(const py::tuple& state) {
    if (state.size() == 1) return memory_source(state[0].cast<py::buffer>());
    return file_source(state[0].cast<py::bytes>(), state[1].cast<std::int64_t>(), state[2].cast<std::int64_t>());
}

py::array_t<double> seconds_of(const FrameIndex& index) {
    py::array_t<double> seconds(static_cast<py::ssize_t>(index.frames.size()));
    double* into = seconds.mutable_data();
    for (const index::FrameEntry& frame : index.frames) *into++ = index.seconds(frame.pts);
    return seconds;
}

double end_of(const FrameIndex& index) {
    return index.frames.empty() ? 0.0 : index.seconds(index.frames.back().pts + index.last_duration);
}

py::array_t<std::int64_t> pts_of(const FrameIndex& index) {
    py::array_t<std::int64_t> pts(static_cast<py::ssize_t>(index.frames.size()));
    std::int64_t* into = pts.mutable_data();
    for (const index::FrameEntry& frame : index.frames) *into++ = frame.pts;
    return pts;
}

py::array_t<std::int64_t> keyframes_of(const FrameIndex& index) {
    const std::vector<std::int64_t> numbers = index.keyframes();
    return py::array_t<std::int64_t>(static_cast<py::ssize_t>(numbers.size()), numbers.data());
}

py::tuple sample_aspect_ratio_of(const FrameIndex& index) {
    const auto [num, den] = index.shown_sample_aspect_ratio();
    return py::make_tuple(num, den);
}

py::object name_or_none(const std::string& name) {
    return name.empty() ? py::object(py::none()) : py::str(name);
}

/// Primaries, transfer, matrix, range, chroma location.
py::tuple color_of(const FrameIndex& index) {
    const media::PropertyNames names = media::names_of(index.properties);
    return py::make_tuple(name_or_none(names.color_primaries), name_or_none(names.color_transfer),
                          name_or_none(names.color_matrix), name_or_none(names.color_range),
                          name_or_none(names.chroma_location));
}

py::bytes pack_index(const FrameIndex& index) {
    const std::vector<std::uint8_t> bytes = index::pack(index);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::shared_ptr<FrameIndex> unpack_index(const py::buffer& buffer) {
    const py::buffer_info info = buffer.request();
    return std::make_shared<FrameIndex>(index::unpack(bytes_of(info)));
}

py::list index_results(IndexTicket& ticket) {
    py::list results;
    for (const engine::IndexResult& result : ticket.result()) {
        if (const auto* error = std::get_if<base::Error>(&result)) {
            results.append(to_exception(*error));
        } else {
            results.append(std::const_pointer_cast<FrameIndex>(std::get<IndexPointer>(result)));
        }
    }
    return results;
}

/// FFmpeg's name of the container, and kind and codec of each stream.
py::tuple facts_result(FactsTicket& ticket) {
    const FactsTicket::Result result = ticket.result().front();
    if (const auto* error = std::get_if<base::Error>(&result)) throw base::Failure(*error);
    const auto& facts = std::get<media::ContainerFacts>(result);
    py::list streams;
    for (const media::StreamFacts& stream : facts.streams) streams.append(py::make_tuple(stream.kind, stream.codec));
    return py::make_tuple(facts.format, streams);
}

}  // namespace

void bind_index(py::module_& module) {
    py::class_<SourceSpec, std::unique_ptr<SourceSpec, SourceDeleter>>(module, "Source")
        .def(py::init(&file_source), py::arg("path"), py::arg("offset") = 0, py::arg("size") = -1)
        .def_static("from_memory", &memory_source, py::arg("buffer"))
        .def_static("from_pieces", &pieces_source, py::arg("name"), py::arg("size"), py::arg("pieces"))
        .def("missing", &missing_of)
        .def_property_readonly("name",
                               [](const SourceSpec& spec) {
                                   return py::reinterpret_steal<py::str>(PyUnicode_DecodeFSDefault(spec.name().c_str()));
                               })
        .def(py::pickle(&source_state, &source_from_state));

    // Immutable in Python: no method changes it, so that it may be shared between threads.
    py::class_<FrameIndex, std::shared_ptr<FrameIndex>>(module, "FrameIndex")
        .def("__len__", &FrameIndex::frame_count)
        .def_readonly("source_size", &FrameIndex::source_size)
        .def_readonly("stream", &FrameIndex::stream)
        .def_readonly("codec", &FrameIndex::codec)
        .def_readonly("pixel_format", &FrameIndex::pixel_format)
        .def_property_readonly("rotation", [](const FrameIndex& index) { return index.orientation.clockwise; })
        .def_property_readonly("mirrored", [](const FrameIndex& index) { return index.orientation.mirrored; })
        .def_readonly("missing_packets", &FrameIndex::missing_packets)
        .def_property_readonly("width", &FrameIndex::shown_width)
        .def_property_readonly("height", &FrameIndex::shown_height)
        .def_property_readonly("fps", &FrameIndex::fps)
        .def_property_readonly("duration", &FrameIndex::duration)
        .def_property_readonly("bit_rate", &FrameIndex::bit_rate)
        .def_property_readonly("sample_aspect_ratio", &sample_aspect_ratio_of)
        .def_property_readonly(
            "field_order",
            [](const FrameIndex& index) { return name_or_none(media::names_of(index.properties).field_order); })
        .def_property_readonly("color", &color_of)
        .def_property_readonly("bytes", &FrameIndex::bytes)
        .def_property_readonly("droppable_share", &FrameIndex::droppable_share)
        .def_property_readonly("keyframe_spacing", &FrameIndex::keyframe_spacing)
        .def_property_readonly(
            "time_base", [](const FrameIndex& index) { return py::make_tuple(index.time_base.num, index.time_base.den); })
        .def_property_readonly("end", &end_of)
        .def("pts", &pts_of)
        .def("timestamps", &seconds_of)
        .def("keyframes", &keyframes_of)
        .def("frame_at", &FrameIndex::frame_at, py::arg("seconds"))
        .def("pack", &pack_index)
        .def_static("unpack", &unpack_index, py::arg("packed"))
        .def(py::pickle(&pack_index, [](const py::bytes& packed) { return unpack_index(packed.cast<py::buffer>()); }));

    py::class_<IndexTicket, std::shared_ptr<IndexTicket>>(module, "IndexTicket")
        .def("wait", &wait<IndexTicket>, py::arg("seconds") = py::none())
        .def("cancel", &IndexTicket::cancel)
        .def("result", &index_results);

    module.def("saved_index_form", &index::saved_index_form);
    module.def("ranges_to_fetch", &ranges_to_fetch, py::arg("index"), py::arg("frames"));

    py::class_<FactsTicket, std::shared_ptr<FactsTicket>>(module, "FactsTicket")
        .def("wait", &wait<FactsTicket>, py::arg("seconds") = py::none())
        .def("cancel", &FactsTicket::cancel)
        .def("result", &facts_result);

    module.def(
        "submit_facts",
        [](SourceSpec source, std::optional<double> timeout) {
            return engine::Engine::current()->submit_facts(std::move(source), to_duration(timeout));
        },
        py::arg("source"), py::arg("timeout") = py::none());

    module.def(
        "submit_index",
        [](std::vector<SourceSpec> sources, std::int64_t max_pixels, std::optional<double> timeout, bool read_packets,
           std::int32_t stream) {
            release_dropped_bytes();
            indexing::IndexOptions options;
            options.max_pixels = max_pixels;
            options.read_packets = read_packets;
            options.stream = stream;
            return engine::Engine::current()->submit_index(std::move(sources), options, to_duration(timeout));
        },
        py::arg("sources"), py::arg("max_pixels"), py::arg("timeout"), py::arg("read_packets") = false,
        py::arg("stream") = media::first_video_stream);
    module.attr("FIRST_VIDEO_STREAM") = media::first_video_stream;
    module.attr("BEST_VIDEO_STREAM") = media::best_video_stream;
}

}  // namespace kf::bindings
