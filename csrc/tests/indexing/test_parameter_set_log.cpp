// NAL units are made by hand, as ITU-T H.264 annex B has them: 7 is an SPS, 8 a PPS, and ids are Exp-Golomb codes.
#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "base/error.hpp"
#include "index/frame_index.hpp"
#include "indexing/parameter_set_log.hpp"

using kf::index::FrameIndex;
using kf::indexing::ParameterSetLog;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes operator+(Bytes a, const Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// An SPS of id 0 whose content differs by its level.
Bytes sps(std::uint8_t level) {
    return {0, 0, 1, 0x67, 66, 0, level, 0b1000'0000};
}

/// A PPS of id 0 (bit 1) or 1 (bits 010) for the SPS 0 (bit 1).
Bytes pps(std::uint32_t id) {
    return {0, 0, 1, 0x68, static_cast<std::uint8_t>(id == 0 ? 0b1100'0000 : 0b0101'0000)};
}

Bytes slice() {
    return {0, 0, 1, 0x65, 0x88, 0x84};
}

FrameIndex stream(Bytes extradata) {
    FrameIndex index;
    index.codec = "h264";
    index.extradata = std::move(extradata);
    return index;
}

}  // namespace

TEST_CASE("sets that are in force already are not noted") {
    FrameIndex index = stream(sps(30) + pps(0));
    ParameterSetLog log(index);
    CHECK_FALSE(log.note_packet(index, 0, sps(30) + pps(0) + slice()));
    CHECK_FALSE(log.note_packet(index, 1, slice()));
    CHECK(index.parameter_sets.empty());
}

TEST_CASE("a set that changes what is in force is noted with its packet") {
    FrameIndex index = stream(sps(30) + pps(0));
    ParameterSetLog log(index);
    CHECK(log.note_packet(index, 3, pps(1) + slice()));
    REQUIRE(index.parameter_sets.size() == 1);
    CHECK(index.parameter_sets[0].ordinal == 3);
    CHECK(index.parameter_sets[0].type == 8);
    CHECK(index.parameter_sets[0].id == 1);
    CHECK_FALSE(index.parameter_sets[0].outside);
    CHECK(index.parameter_sets[0].nal == Bytes{0x68, 0b0101'0000});
    CHECK_FALSE(log.note_packet(index, 4, pps(1) + slice()));
}

// ITU-T H.264, 7.4.1.2.1: a new SPS is a new sequence, whose PPS are parsed by it.
TEST_CASE("a new SPS voids the PPS, so that an equal PPS is noted again") {
    FrameIndex index = stream(sps(30) + pps(0));
    ParameterSetLog log(index);
    CHECK(log.note_packet(index, 5, sps(31) + pps(0) + slice()));
    REQUIRE(index.parameter_sets.size() == 2);
    CHECK(index.parameter_sets[0].type == 7);
    CHECK(index.parameter_sets[1].type == 8);
}

TEST_CASE("a configuration beside a packet is noted as coming from outside of it") {
    FrameIndex index = stream(sps(30) + pps(0));
    ParameterSetLog log(index);
    log.note_extradata(index, 7, sps(31) + pps(0));
    REQUIRE(index.parameter_sets.size() == 2);
    CHECK(index.parameter_sets[0].outside);
    CHECK(index.parameter_sets[1].ordinal == 7);
}

TEST_CASE("a stream whose headers change without end is refused") {
    FrameIndex index = stream({});
    index.parameter_sets.resize(kf::index::most_parameter_sets);
    ParameterSetLog log(index);
    CHECK_THROWS_AS(log.note_packet(index, 0, sps(30)), kf::base::Failure);
}

TEST_CASE("codecs without parameter sets note nothing") {
    FrameIndex index = stream({});
    index.codec = "mpeg2video";
    ParameterSetLog log(index);
    CHECK_FALSE(log.note_packet(index, 0, sps(30) + pps(0)));
    log.note_extradata(index, 0, sps(30));
    CHECK(index.parameter_sets.empty());
}
