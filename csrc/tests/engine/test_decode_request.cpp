#include <doctest/doctest.h>

#include "engine/decode_request.hpp"

using kf::base::Error;
using kf::engine::DecodeResult;
using kf::engine::DecodeStats;

TEST_CASE("statistics add up, whatever was added before") {
    const DecodeStats one{1, 2, 3, 4, 5, 6, 0.5, 2.0, 0.25};
    DecodeStats two;
    two += one;
    two += one;
    DecodeStats four = two;
    four += two;
    CHECK(four.runs == 4);
    CHECK(four.packets_sent == 8);
    CHECK(four.packets_dropped == 12);
    CHECK(four.frames_decoded == 16);
    CHECK(four.frames_converted == 20);
    CHECK(four.bytes_read == 24);
    CHECK(four.seconds_reading == 2.0);
    CHECK(four.seconds_decoding == 8.0);
    CHECK(four.seconds_converting == 1.0);
}

TEST_CASE("the error of a row is its first frame's, in whatever order errors come") {
    DecodeResult result;
    for (const int frame : {3, 1, 2}) {
        Error error;
        error.frame = frame;
        result.add_error(7, {frame, error});
    }
    REQUIRE(result.errors.size() == 1);
    CHECK(result.errors.at(7).frame == 1);
    CHECK(result.errors.at(7).error.frame == 1);
}
