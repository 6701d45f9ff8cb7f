#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "plan/used_decoders.hpp"

using kf::index::FrameIndex;
using kf::plan::leaves_no_trace;
using kf::plan::suits_used_decoder;

namespace {

using Bytes = std::vector<std::uint8_t>;

FrameIndex h264_index() {
    FrameIndex index;
    index.codec = "h264";
    index.nal_length_size = 4;
    return index;
}

/// One NAL unit per header byte (nal_ref_idc and nal_unit_type: ITU-T H.264, 7.3.1), each with one more byte.
Bytes packet(const Bytes& headers) {
    Bytes bytes;
    for (const std::uint8_t header : headers) bytes.insert(bytes.end(), {0, 0, 0, 2, header, 0x80});
    return bytes;
}

constexpr std::uint8_t slice = 0x41;
constexpr std::uint8_t idr_slice = 0x65;
constexpr std::uint8_t sei = 0x06;
constexpr std::uint8_t sps = 0x67;
constexpr std::uint8_t pps = 0x68;
constexpr std::uint8_t delimiter = 0x09;
constexpr std::uint8_t end_of_sequence = 0x0a;

}  // namespace

TEST_CASE("a used decoder decodes a run of H.264 from an IDR picture on") {
    const FrameIndex index = h264_index();
    CHECK(suits_used_decoder(index, {}, packet({delimiter, sei, idr_slice})));
    CHECK_FALSE(suits_used_decoder(index, {}, packet({sei, slice})));
    CHECK_FALSE(suits_used_decoder(index, {}, packet({sps, pps, idr_slice})));
    CHECK_FALSE(suits_used_decoder(index, packet({pps}), packet({idr_slice})));
}

TEST_CASE("other codecs and NAL units with start codes need new decoders") {
    FrameIndex index = h264_index();
    index.codec = "hevc";
    CHECK_FALSE(suits_used_decoder(index, {}, packet({idr_slice})));
    index = h264_index();
    index.nal_length_size = 0;
    CHECK_FALSE(suits_used_decoder(index, {}, Bytes{0, 0, 1, idr_slice, 0x80}));
}

TEST_CASE("slices and messages leave nothing in a decoder that is flushed, parameter sets do") {
    const FrameIndex index = h264_index();
    CHECK(leaves_no_trace(index, {}, packet({delimiter, sei, slice, slice})));
    CHECK_FALSE(leaves_no_trace(index, {}, packet({slice, pps})));
    CHECK_FALSE(leaves_no_trace(index, packet({sps}), packet({slice})));
    CHECK_FALSE(leaves_no_trace(index, {}, packet({slice, end_of_sequence})));
    Bytes cut = packet({slice});
    cut.pop_back();
    CHECK_FALSE(leaves_no_trace(index, {}, cut));
}
