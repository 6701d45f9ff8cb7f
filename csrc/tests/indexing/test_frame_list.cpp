// Lists of packets are made by hand, in decode order. A decoder is never opened: what it would say is given.
#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "bitstream/packet_facts.hpp"
#include "indexing/frame_list.hpp"
#include "listed.hpp"

using kf::indexing::DecodedOrder;
using kf::indexing::DecodeExtent;
using kf::indexing::PacketNotes;
using kf::tests::Listed;
using kf::tests::notes_at;
using kf::tests::notes_without_pts;
using Extents = std::vector<DecodeExtent>;
using Ordinals = std::vector<std::int32_t>;
using Times = std::vector<std::int64_t>;

namespace {

void list(Listed& stream) {
    kf::indexing::list_frames(stream.index, stream.list, [](DecodeExtent) -> DecodedOrder {
        FAIL("the decoder must not be asked");
        return {};
    });
}

/// Lists frames with a decoder whose pictures come out in this order. Returns how far it was asked to decode.
Extents list_with_decoder(Listed& stream, const Ordinals& order, bool pictures_missing = false) {
    Extents asked;
    kf::indexing::list_frames(stream.index, stream.list, [&](DecodeExtent extent) {
        asked.push_back(extent);
        return DecodedOrder{order, pictures_missing};
    });
    return asked;
}

PacketNotes delayed() {
    PacketNotes notes;
    notes.delayed = true;
    return notes;
}

}  // namespace

TEST_CASE("H.264 pictures are shown by pts: I P B B P") {
    Listed stream("h264", {notes_at(0, 0), notes_at(30, 6), notes_at(10, 2), notes_at(20, 4), notes_at(40, 8)});
    stream.list.last_duration = 10;
    list(stream);
    CHECK(stream.frame_packets() == Ordinals{0, 2, 3, 1, 4});
    CHECK(stream.frame_times() == Times{0, 10, 20, 30, 40});
    CHECK(stream.index.reorder_depth == 1);
    CHECK(stream.index.last_duration == 10);
}

TEST_CASE("where the container does not say how long the last frame is, it is as long as the one before") {
    Listed stream("h264", {notes_at(0), notes_at(30), notes_at(37)});
    list(stream);
    CHECK(stream.index.last_duration == 7);
}

TEST_CASE("where the last two frames have the same time, the last one is as long as a frame is on average") {
    Listed stream("mpeg2video", {notes_at(0), notes_at(10), notes_at(30), notes_at(30)});
    list(stream);
    CHECK(stream.index.last_duration == 10);
    stream.index.average_rate = {50, 1};
    list(stream);
    CHECK(stream.index.last_duration == 2);
}

TEST_CASE("where all frames have the same time, the rate is the headers' or 25") {
    Listed stream("mpeg2video", {notes_at(7), notes_at(7), notes_at(7)});
    list(stream);
    CHECK(stream.index.fps() == 25.0);
    CHECK(stream.index.last_duration == 4);
    Listed rated("mpeg2video", {notes_at(0), notes_at(0), notes_at(0)});
    rated.list.rate = {50, 1};
    list(rated);
    CHECK(rated.index.fps() == 50.0);
    CHECK(rated.index.frame_at(0.0) == 2);
    CHECK(rated.index.frame_at(0.019) == 2);
    CHECK_FALSE(rated.index.frame_at(0.02).has_value());
}

TEST_CASE("one frame lasts as long as the container says, or as a frame of 25 per second") {
    Listed stream("mpeg2video", {notes_at(0)});
    stream.list.last_duration = 10;
    list(stream);
    CHECK(stream.index.fps() == doctest::Approx(10.0));
    stream.list.last_duration = 0;
    list(stream);
    CHECK(stream.index.fps() == 25.0);
    CHECK(stream.index.last_duration == 4);
}

TEST_CASE("hidden pictures are no frames and need no pts") {
    Listed stream("hevc", {notes_at(0), notes_at(10), notes_without_pts(), notes_at(20)});
    stream.list.notes[1].hidden = stream.list.notes[2].hidden = true;
    list(stream);
    CHECK(stream.frame_packets() == Ordinals{0, 3});
}

TEST_CASE("two fields are one frame at the time of the first") {
    Listed stream("h264", {notes_at(0), notes_without_pts(), notes_at(20), notes_at(25)});
    for (const std::size_t second : {1U, 3U}) {
        stream.index.packets[second].completes_previous = true;
        stream.list.notes[second].shown = 0;
    }
    list(stream);
    CHECK(stream.frame_packets() == Ordinals{0, 2});
    CHECK(stream.index.packets[1].order == 0);
    CHECK(stream.index.packets[3].order == 20);
    CHECK(stream.index.reorder_depth == 0);
}

TEST_CASE("where a pts is missing, the decoder says the order, and ranks take the place of pts") {
    Listed stream("h264", {notes_at(0), notes_without_pts(), notes_at(10), notes_at(20)});
    CHECK(list_with_decoder(stream, {0, 2, 1, 3}) == Extents{DecodeExtent::whole_stream});
    CHECK(stream.frame_packets() == Ordinals{0, 2, 1, 3});
    CHECK(stream.frame_times() == Times{0, 10, 15, 20});
    CHECK(stream.index.packets[1].order == 2);
    CHECK(stream.index.reorder_depth == 1);
}

TEST_CASE("where two pictures have one pts, the decoder says the order") {
    Listed stream("h264", {notes_at(0), notes_at(10), notes_at(10)});
    CHECK(list_with_decoder(stream, {0, 1, 2}) == Extents{DecodeExtent::whole_stream});
    CHECK(stream.frame_packets() == Ordinals{0, 1, 2});
}

TEST_CASE("where headers contradict the pts, the decoder says the order") {
    Listed stream("hevc", {notes_at(0, 0), notes_at(10, 8), notes_at(20, 4)});
    CHECK(list_with_decoder(stream, {0, 2, 1}) == Extents{DecodeExtent::whole_stream});
    CHECK(stream.frame_packets() == Ordinals{0, 2, 1});
    CHECK(stream.frame_times() == Times{0, 10, 20});
}

TEST_CASE("of a stream that begins in the middle, libavcodec decides which leading pictures are shown") {
    Listed stream("h264", {notes_at(20), notes_at(0), notes_at(10), notes_at(30)});
    stream.list.notes[0].starts_sequence = false;
    CHECK(list_with_decoder(stream, {2, 0}) == Extents{DecodeExtent::first_entry});
    CHECK(stream.frame_packets() == Ordinals{2, 0, 3});
}

TEST_CASE("leading pictures of the first recovery point are damaged where a loss makes libavcodec show them") {
    Listed stream("h264", {notes_at(20), notes_at(0), notes_at(10), notes_at(30), notes_at(40), notes_at(40)});
    stream.list.notes[0].starts_sequence = false;
    stream.index.packets[4].entry = true;
    CHECK(list_with_decoder(stream, {4, 1, 5, 0, 3}) == Extents{DecodeExtent::whole_stream});
    CHECK(stream.index.packets[1].truncated);
    for (const std::size_t good : {0U, 3U, 4U, 5U}) CHECK_FALSE(stream.index.packets[good].truncated);
    Listed whole("h264", {notes_at(20), notes_at(0), notes_at(20)});
    CHECK(list_with_decoder(whole, {1, 0, 2}) == Extents{DecodeExtent::whole_stream});
    CHECK_FALSE(whole.index.packets[1].truncated);
}

TEST_CASE("H.264 fields that headers do not pair belong to the picture that the decoder shows") {
    Listed stream("h264", {notes_at(0), notes_without_pts(), notes_at(20)});
    for (PacketNotes& notes : stream.list.notes) notes.shown = kf::bitstream::unknown_pictures;
    stream.index.packets[0].droppable = stream.index.packets[1].droppable = kf::index::Droppable::yes;
    CHECK(list_with_decoder(stream, {0, 2}) == Extents{DecodeExtent::whole_stream});
    CHECK(stream.frame_packets() == Ordinals{0, 2});
    CHECK(stream.index.packets[1].completes_previous);
    CHECK(stream.index.packets[0].droppable == kf::index::Droppable::no);  // fields are left out together or not at all
    CHECK(stream.index.packets[1].droppable == kf::index::Droppable::no);
}

TEST_CASE("MPEG-2 pictures are shown by the codec's rule: I P B B P") {
    Listed stream("mpeg2video", {delayed(), delayed(), PacketNotes{}, PacketNotes{}, delayed()});
    stream.index.average_rate = {25, 1};
    list(stream);
    CHECK(stream.frame_packets() == Ordinals{0, 2, 3, 1, 4});
    CHECK(stream.frame_times() == Times{0, 4, 8, 12, 16});
    CHECK(stream.index.reorder_depth == 1);
}

TEST_CASE("a packet that shows several pictures is several frames") {
    Listed stream("vp9", {notes_at(0), notes_at(10), notes_at(30)});
    stream.list.notes[1].shown = 2;
    stream.list.notes[2].shown = 0;
    list(stream);
    CHECK(stream.frame_packets() == Ordinals{0, 1, 1});
    CHECK(stream.index.frames[1].picture_in_packet == 0);
    CHECK(stream.index.frames[2].picture_in_packet == 1);
    CHECK(stream.index.packets[2].order == 1);  // the rank so far: it leads no entry
}

TEST_CASE("an entry whose picture does not come out is no entry") {
    Listed stream("av1", {notes_at(0), notes_at(10), notes_at(20)});
    stream.index.packets[1].entry = true;
    stream.list.notes[2].shown = kf::bitstream::unknown_pictures;
    CHECK(list_with_decoder(stream, {0, 2}) == Extents{DecodeExtent::whole_stream});
    CHECK(stream.index.packets[0].entry);
    CHECK_FALSE(stream.index.packets[1].entry);
}

TEST_CASE("an entry that a leading picture brings headers after is dropped") {
    Listed stream("hevc", {notes_at(0), notes_at(30), notes_at(20), notes_at(60), notes_at(70)});
    stream.index.packets[1].entry = stream.index.packets[3].entry = true;
    stream.list.notes[2].headers = true;  // leads the entry 1
    stream.list.notes[4].headers = true;  // follows the entry 3
    list(stream);
    CHECK(stream.index.packets[0].entry);
    CHECK_FALSE(stream.index.packets[1].entry);
    CHECK(stream.index.packets[3].entry);
}

TEST_CASE("a stream that shows nothing is corrupt") {
    Listed stream("h264", {notes_at(0), notes_at(10)});
    for (PacketNotes& notes : stream.list.notes) notes.hidden = true;
    CHECK_THROWS_AS(list(stream), kf::base::Failure);
}

TEST_CASE("the reorder depth is never more than sixteen pictures") {
    Listed stream("h264", {notes_at(0)});
    for (std::int64_t pts = 40; pts > 0; --pts) {
        stream.index.packets.emplace_back().order = pts;
        stream.list.notes.push_back(notes_at(pts));
    }
    list(stream);
    CHECK(stream.index.reorder_depth == 16);
}

TEST_CASE("HEVC pictures around a loss are shown by pts, those of them that come out of the decoder") {
    const std::initializer_list<PacketNotes> packets{notes_at(0, 0), notes_at(30, 6), notes_at(20, 9), notes_at(40, 8)};
    Listed lost("hevc", packets);
    CHECK(list_with_decoder(lost, {0, 1, 2}, true) == Extents{DecodeExtent::whole_stream});
    CHECK(lost.frame_packets() == Ordinals{0, 2, 1});
    CHECK(lost.frame_times() == Times{0, 20, 30});
    Listed whole("hevc", packets);
    CHECK(list_with_decoder(whole, {0, 1, 2, 3}) == Extents{DecodeExtent::whole_stream});
    CHECK(whole.frame_packets() == Ordinals{0, 1, 2, 3});
}
