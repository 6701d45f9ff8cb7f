// MPEG-4 part 2 headers, written as ISO/IEC 14496-2, 6.2.3 to 6.2.5, has them, and which pictures are shown when.
#include <doctest/doctest.h>

#include <string>

#include "bits.hpp"
#include "bitstream/mpeg4_display.hpp"

using namespace kf::bitstream;
using kf::tests::bits;
using kf::tests::Buffer;
using kf::tests::joined;
using kf::tests::u;
using kf::tests::unit;

namespace {

enum Kind : unsigned { i = 0, p = 1, b = 2 };

struct Vol {
    unsigned type = 17;                ///< video_object_type_indication: advanced simple
    std::string control = "1 01 0 0";  ///< vol_control_parameters: 4:2:0, low_delay 0, no vbv_parameters
    unsigned resolution = 25;
    bool interlaced = false;
};

/// VideoObjectLayer() of 64 x 48.
Buffer vol(const Vol& layer = {}) {
    return unit(0x20, bits("0" + u(8, layer.type) + "0 0001" + layer.control + "00 1" + u(16, layer.resolution) + "1 0 1" +
                           u(13, 64) + "1" + u(13, 48) + "1" + (layer.interlaced ? "1" : "0") + std::string(24, '0')));
}

/// VideoObjectPlane(): type, modulo_time_base, marker, vop_time_increment of 5 bits, marker, vop_coded.
Buffer vop(Kind kind, unsigned seconds, unsigned ticks, bool coded = true) {
    const std::string header = u(2, kind) + std::string(seconds, '1') + "0 1" + u(5, ticks) + "1" + (coded ? "1" : "0");
    return joined({unit(0xB6, bits(header)), coded ? Buffer(40, 0x55) : Buffer{}});
}

/// Group_of_VideoObjectPlane(): hours, minutes, marker, seconds.
Buffer gov(unsigned hours, unsigned minutes, unsigned seconds) {
    return unit(0xB3, bits(u(5, hours) + u(6, minutes) + "1" + u(6, seconds) + "1 0"));
}

const Buffer user_data = unit(0xB2, {'X', 'v', 'i', 'D'});

Mpeg4Vol read_vol(const Vol& layer) {
    Mpeg4Vol found;
    CHECK(read_mpeg4_packet(vol(layer), found).vol_header);
    return found;
}

Mpeg4Packet read(const Buffer& packet) {
    Mpeg4Vol in_force = read_vol({});
    return read_mpeg4_packet(packet, in_force);
}

/// A display that has shown an I-VOP at 0 s and a P-VOP three ticks later.
Mpeg4Display begun(const Vol& layer = {}) {
    Mpeg4Display display;
    CHECK(display.read(joined({vol(layer), gov(0, 0, 0), vop(i, 0, 0)})).entry);
    CHECK(display.read(vop(p, 0, 3)).shown == 1);
    return display;
}

}  // namespace

TEST_CASE("a VOL header holds the time resolution, the delay and the size") {
    const Mpeg4Vol found = read_vol({});
    CHECK(found.time_increment_resolution == 25);
    CHECK(found.time_increment_bits == 5);  // 24 is 11000
    CHECK(found.says_low_delay);
    CHECK_FALSE(found.low_delay);
    CHECK_FALSE(found.interlaced);
    CHECK(found.macroblocks == 12);
}

TEST_CASE("the number of bits of vop_time_increment follows from the resolution") {
    CHECK(read_vol({.resolution = 1}).time_increment_bits == 1);
    CHECK(read_vol({.resolution = 2}).time_increment_bits == 1);
    CHECK(read_vol({.resolution = 32}).time_increment_bits == 5);
    CHECK(read_vol({.resolution = 33}).time_increment_bits == 6);
    CHECK(read_vol({.resolution = 30000}).time_increment_bits == 15);
}

TEST_CASE("a simple VOL without vol_control_parameters is assumed to have no B-VOPs") {
    const Mpeg4Vol simple = read_vol({.type = 1, .control = "0"});
    CHECK_FALSE(simple.says_low_delay);
    CHECK(simple.assumes_low_delay);
    CHECK(simple.low_delay);
    CHECK_FALSE(read_vol({.type = 2, .control = "0"}).assumes_low_delay);
}

TEST_CASE("vbv_parameters are skipped") {
    CHECK(read_vol({.control = "1 01 1 1" + std::string(79, '1')}).time_increment_resolution == 25);
}

TEST_CASE("a VOP header holds its type, its time and whether it is coded") {
    const Mpeg4Packet packet = read(vop(b, 2, 17));
    CHECK(packet.vops == 1);
    CHECK(packet.b_vop);
    CHECK(packet.modulo_time_base == 2);
    CHECK(packet.vop_time_increment == 17);
    CHECK(packet.coded);
    CHECK_FALSE(read(vop(p, 0, 1, false)).coded);
}

TEST_CASE("gov_time_code is told in seconds") {
    CHECK(read(gov(1, 2, 3)).gov_seconds == 3723);
}

TEST_CASE("a B-VOP is droppable without a header in its packet") {
    CHECK(begun().read(vop(b, 0, 1)).droppable);
    CHECK_FALSE(begun().read(joined({user_data, vop(b, 0, 1)})).droppable);
    CHECK_FALSE(begun().read(joined({vol(), vop(b, 0, 1)})).droppable);
    CHECK_FALSE(begun().read(vop(p, 0, 6)).droppable);
    CHECK_FALSE(begun().read(vop(b, 0, 1, false)).droppable);
    CHECK_FALSE(begun().read(joined({vop(b, 0, 1), vop(b, 0, 2)})).droppable);
}

TEST_CASE("an I-VOP is an entry, where it is coded and alone in its packet") {
    CHECK(begun().read(vop(i, 0, 6)).entry);
    CHECK_FALSE(begun().read(vop(i, 0, 6, false)).entry);
    CHECK_FALSE(begun().read(joined({vop(i, 0, 6), vop(b, 0, 4)})).entry);
    CHECK_FALSE(begun().read(vop(p, 0, 6)).entry);
}

TEST_CASE("B-VOPs between their references are shown at once, references when the next one comes") {
    Mpeg4Display display = begun();
    const PacketFacts between = display.read(vop(b, 0, 1));
    CHECK(between.shown == 1);
    CHECK_FALSE(between.delayed);
    CHECK(display.read(vop(p, 0, 6)).delayed);
}

TEST_CASE("with low_delay every VOP is shown at once, and an I-VOP that a B-VOP follows is no entry") {
    Mpeg4Display display = begun({.control = "1 01 1 0"});
    CHECK_FALSE(display.read(vop(b, 0, 1)).needs_before_entry);
    const PacketFacts intra = display.read(vop(i, 0, 6));
    CHECK(intra.entry);
    CHECK_FALSE(intra.delayed);
    CHECK(display.read(vop(b, 0, 4)).needs_before_entry);
    CHECK_FALSE(display.read(vop(b, 0, 5)).needs_before_entry);  // it is said
    CHECK_FALSE(display.read(vop(p, 0, 9)).needs_before_entry);
    CHECK_FALSE(display.read(vop(b, 0, 7)).needs_before_entry);
}

TEST_CASE("libavcodec leaves out a B-VOP that is not between its references in time") {
    CHECK(begun().read(vop(b, 0, 4)).shown == 0);
    CHECK(begun().read(vop(b, 0, 3)).shown == 0);
    CHECK(begun().read(vop(b, 0, 0)).shown == 0);
}

TEST_CASE("seconds of B-VOPs count from the reference that is shown before them") {
    Mpeg4Display display = begun();                // 0 and 3 ticks
    CHECK(display.read(vop(p, 1, 1)).shown == 1);  // 26 ticks
    CHECK(display.read(vop(b, 0, 20)).shown == 1);
    CHECK(display.read(vop(b, 1, 0)).shown == 1);  // 25 ticks
    CHECK(display.read(vop(b, 1, 2)).shown == 0);  // 27 ticks
}

TEST_CASE("a VOP that is not coded shows nothing, and the last one of a stream waits") {
    Mpeg4Display display = begun();
    CHECK(display.read(vop(p, 0, 6, false)).shown == 0);
    CHECK(display.ends_not_coded());
    (void)display.read(vop(p, 0, 9));
    CHECK_FALSE(display.ends_not_coded());
}

TEST_CASE("interlaced pictures, a changed VOL and packets of two VOPs are left to the decoder") {
    Mpeg4Display interlaced;
    CHECK(interlaced.read(joined({vol({.interlaced = true}), gov(0, 0, 0), vop(i, 0, 0)})).shown == unknown_pictures);
    CHECK(begun().read(joined({vol({.resolution = 30}), vop(i, 0, 6)})).shown == unknown_pictures);
    CHECK(begun().read(joined({vop(p, 0, 6), vop(b, 0, 4)})).shown == unknown_pictures);
}

TEST_CASE("every beginning of a packet is read without leaving its bytes") {
    const Buffer whole = joined({vol(), user_data, gov(0, 1, 2), vop(i, 1, 2)});
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        Mpeg4Display display;
        CHECK(display.read(Bytes(whole).first(size)).shown >= unknown_pictures);
    }
}

TEST_CASE("where B-VOPs are packed, a VOP without a picture repeats the time of its reference and tells of no loss") {
    Mpeg4Display display = begun();
    CHECK(display.read(vop(b, 0, 1)).possible_loss == PossibleLoss::none);
    CHECK(display.read(vop(p, 0, 3, false)).possible_loss == PossibleLoss::none);
    CHECK(display.read(vop(p, 0, 6)).possible_loss == PossibleLoss::none);
    CHECK(display.read(vop(b, 0, 4)).possible_loss == PossibleLoss::none);
    CHECK(display.read(vop(p, 0, 6, false)).possible_loss == PossibleLoss::none);
    CHECK(display.read(vop(b, 0, 7)).possible_loss == PossibleLoss::behind_last_reference);
}
