// AV1 sequence and frame headers, written as the AV1 Bitstream & Decoding Process Specification, 5.3 to 5.9, has them.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "bits.hpp"
#include "bitstream/av1_loss.hpp"
#include "bitstream/av1_obu.hpp"

using namespace kf::bitstream;
using kf::tests::bits;
using kf::tests::Buffer;
using kf::tests::joined;
using kf::tests::u;

namespace {

enum Type : unsigned { sequence_header = 1, temporal_delimiter = 2, frame_header = 3, tile_group = 4, frame = 6 };
enum FrameType : unsigned { key = 0, inter = 1, intra_only = 2, switching = 3 };

/// obu_header() with obu_has_size_field, obu_size of one byte, payload.
Buffer obu(unsigned type, const Buffer& payload) {
    return joined({bits("0" + u(4, type) + "0 1 0" + u(8, static_cast<unsigned>(payload.size()))), payload});
}

/// The same with obu_extension_header().
Buffer layered_obu(unsigned type, unsigned temporal_id, unsigned spatial_id, const Buffer& payload) {
    const std::string header = "0" + u(4, type) + "1 1 0" + u(3, temporal_id) + u(2, spatial_id) + "000";
    return joined({bits(header + u(8, static_cast<unsigned>(payload.size()))), payload});
}

struct Sequence {
    unsigned operating_point_idc = 0;
    std::string screen_content = "1";  ///< seq_choose_screen_content_tools
    std::string integer_mv = "1";      ///< seq_choose_integer_mv
    std::string order_hint = "1 0 0";  ///< enable_order_hint, enable_jnt_comp, enable_ref_frame_mvs
};

/// sequence_header_obu(): 5.5.1, with order hints of 7 bits.
Buffer sequence(const Sequence& set = {}) {
    std::string text =
        "000 0 0"
        "0 0" +
        u(5, 0) + u(12, set.operating_point_idc) + u(5, 8) + "0";  // level 4.0, tier
    text += u(4, 6) + u(4, 5) + u(7, 63) + u(6, 47) + "0 000 0000" + set.order_hint + set.screen_content + set.integer_mv;
    if (set.order_hint.front() == '1') text += u(3, 6);
    return obu(sequence_header, bits(text + "0 0 0 1"));
}

/// uncompressed_header(): 5.9.2, by the sequence above. refresh: refresh_frame_flags, where it is coded.
Buffer shown_frame(unsigned type, unsigned refresh) {
    std::string text = "0" + u(2, type) + "1";
    const bool refreshes_all = type == key || type == switching;
    if (!refreshes_all) text += "0";     // error_resilient_mode
    text += "0 0";                       // disable_cdf_update, allow_screen_content_tools
    if (type != switching) text += "0";  // frame_size_override_flag
    text += u(7, 5);                     // order_hint
    if (type == inter) text += "000";    // primary_ref_frame
    if (!refreshes_all) text += u(8, refresh);
    return obu(frame, joined({bits(text), Buffer(4, 0xAA)}));
}

const Buffer hidden_inter = obu(frame, joined({bits("0 01 0 1 0 0 0 0 0000101 000 00000001"), Buffer(4, 0xAA)}));
const Buffer show_existing = obu(frame_header, bits("1 010 0000"));

Av1Packet read(std::initializer_list<Buffer> obus, const Sequence& set = {}) {
    Av1Sequence in_force;
    (void)read_av1_packet(sequence(set), in_force);
    CHECK(in_force.known);
    return read_av1_packet(joined(obus), in_force);
}

}  // namespace

TEST_CASE("a sequence header tells how frame headers are read") {
    Av1Sequence found;
    CHECK(read_av1_packet(sequence({.screen_content = "0 1", .integer_mv = "0 1"}), found).sequence_header);
    CHECK(found.known);
    CHECK(found.order_hint_bits == 7);
    CHECK(found.force_screen_content_tools == 1);
    CHECK(found.force_integer_mv == 1);
    CHECK(found.frame_id_bits == 0);
    CHECK_FALSE(found.decoder_model_info_present);
}

TEST_CASE("timing and decoder model information is read over") {
    // num_units 1, time_scale 25, equal_picture_interval with uvlc 2 (011), decoder model of 5, 7 and 9 bits; one operating
    // point of level 2.0 with a decoder model of its own: two delays of 5 bits and low_delay_mode_flag.
    const std::string timing = "1" + u(32, 1) + u(32, 25) + "1 011" + "1" + u(5, 4) + u(32, 1) + u(5, 6) + u(5, 8);
    const std::string point = "0" + u(5, 0) + u(12, 0) + u(5, 0) + "1" + u(5, 1) + u(5, 1) + "0";
    const std::string rest = u(4, 6) + u(4, 5) + u(7, 63) + u(6, 47) + "0 000 0000 0 0 0" + "1";
    Av1Sequence found;
    (void)read_av1_packet(obu(sequence_header, bits("000 0 0" + timing + point + rest + "1 0 0 0 0 1")), found);
    CHECK(found.known);
    CHECK(found.decoder_model_info_present);
    CHECK(found.equal_picture_interval);
    CHECK(found.buffer_removal_time_bits == 7);
    CHECK(found.frame_presentation_time_bits == 9);
    CHECK(found.decoder_model_present_for_op[0]);
}

TEST_CASE("a shown key frame behind a sequence header is an entry; neither alone is") {
    CHECK(read({sequence(), shown_frame(key, 0)}).entry());
    CHECK_FALSE(read({shown_frame(key, 0)}).entry());
    CHECK_FALSE(read({sequence(), shown_frame(inter, 0)}).entry());
    CHECK_FALSE(read({sequence(), shown_frame(intra_only, 1)}).entry());
    CHECK_FALSE(read({sequence(), hidden_inter, shown_frame(key, 0)}).entry());
}

TEST_CASE("a delayed random access point, a key frame that is not shown, is no entry") {
    const Buffer hidden_key = obu(frame, joined({bits("0 00 0 1 0 0 0 0 0000101 00000001"), Buffer(4, 0xAA)}));
    CHECK_FALSE(read({sequence(), hidden_key}).entry());
}

TEST_CASE("a switch frame refreshes everything and is no entry") {
    const Av1Packet packet = read({sequence(), shown_frame(switching, 0)});
    CHECK_FALSE(packet.entry());
    CHECK(packet.refreshes);
}

TEST_CASE("a frame that refreshes nothing is droppable") {
    CHECK(read({shown_frame(inter, 0)}).droppable());
    CHECK_FALSE(read({shown_frame(inter, 1)}).droppable());
    CHECK_FALSE(read({shown_frame(inter, 0x80)}).droppable());
    CHECK_FALSE(read({shown_frame(key, 0)}).droppable());
}

TEST_CASE("refresh_frame_flags lies behind what the sequence header puts in front") {
    const Sequence forced{.screen_content = "0 1", .integer_mv = "1"};  // force_integer_mv is then coded
    const auto with_flags = [](unsigned flags) {
        return obu(frame, joined({bits("0 01 1 0 0"
                                       "0"
                                       "0" +
                                       u(7, 5) + "000" + u(8, flags)),
                                  Buffer(4, 0xAA)}));
    };
    CHECK(read({with_flags(0)}, forced).droppable());
    CHECK_FALSE(read({with_flags(1)}, forced).droppable());
}

TEST_CASE("what brings a sequence header or shows a frame again is not droppable") {
    CHECK_FALSE(read({sequence(), shown_frame(inter, 0)}).droppable());
    CHECK_FALSE(read({shown_frame(inter, 0), show_existing}).droppable());
    CHECK_FALSE(read({obu(temporal_delimiter, {})}).droppable());
}

TEST_CASE("frames are counted, and those that are shown, also again") {
    const Av1Packet packet = read({hidden_inter, shown_frame(inter, 0), show_existing});
    CHECK(packet.frames == 3);
    CHECK(packet.shown == 2);
}

TEST_CASE("tile groups and delimiters are no frames") {
    CHECK(read({obu(temporal_delimiter, {}), obu(tile_group, Buffer(9, 0x10))}).frames == 0);
}

TEST_CASE("OBUs of layers outside of the first operating point are not decoded") {
    const Sequence base_layers{.operating_point_idc = 0b0001'0000'0001};  // spatial layer 0, temporal layer 0
    const Buffer payload = bits("0 01 1 0 0 0 0 0000101 000 00000000");
    CHECK(read({layered_obu(frame, 0, 0, payload)}, base_layers).frames == 1);
    CHECK(read({layered_obu(frame, 1, 0, payload)}, base_layers).frames == 0);
    CHECK(read({layered_obu(frame, 0, 1, payload)}, base_layers).frames == 0);
    CHECK(read({layered_obu(frame, 1, 1, payload)}, {.operating_point_idc = 0}).frames == 1);
}

TEST_CASE("several spatial layers are told from several temporal ones") {
    Av1Sequence found;
    (void)read_av1_packet(sequence({.operating_point_idc = 0b0011'0000'0001}), found);
    CHECK(found.has_several_spatial_layers());
    (void)read_av1_packet(sequence({.operating_point_idc = 0b0001'0000'0011}), found);
    CHECK_FALSE(found.has_several_spatial_layers());
}

TEST_CASE("an OBU without a size field takes all that is left") {
    const Buffer payload = bits("0 01 1 0 0 0 0 0000101 000 00000000");
    CHECK(read({joined({bits("0 0110 0 0 0"), payload})}).droppable());
}

TEST_CASE("a size that lies, or that does not end, leaves the packet not whole") {
    CHECK_FALSE(read({{0x32, 200, 0x10}}).whole);
    CHECK_FALSE(read({{0x32, 0x80, 0x80}}).whole);
    CHECK_FALSE(read({{0x32, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1}}).whole);
}

TEST_CASE("a packet that is cut short is never droppable") {
    Buffer packet = shown_frame(inter, 0);
    CHECK(read({packet}).droppable());
    while (packet.size() > 1) {
        packet.pop_back();
        CHECK_FALSE(read({packet}).droppable());
    }
}

TEST_CASE("a sequence header that is cut short is not known, and frames by it are kept") {
    const Buffer whole = sequence();
    for (std::size_t size = 3; size + 2 < whole.size(); ++size) {
        Buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        cut[1] = static_cast<std::uint8_t>(size - 2);  // obu_size
        Av1Sequence found;
        (void)read_av1_packet(cut, found);
        CHECK_FALSE(found.known);
        CHECK_FALSE(read_av1_packet(shown_frame(inter, 0), found).droppable());
    }
}

namespace {

/// Whether each of these frames, one per packet, skips frames in front of it.
std::vector<bool> skips(const std::vector<Av1FrameNumber>& frames, int* unbelieved = nullptr, int* earlier = nullptr) {
    Av1Sequence in_force;
    (void)read_av1_packet(sequence(), in_force);
    Av1OrderHints hints;
    std::vector<bool> found;
    for (const Av1FrameNumber& frame : frames) {
        Av1Packet packet;
        packet.frames = 1;
        packet.numbers[0] = frame;
        found.push_back(hints.skips(packet, in_force));
    }
    if (earlier != nullptr) *earlier = hints.repeats_before();
    if (unbelieved != nullptr) *unbelieved = hints.believed() ? 0 : 1;
    return found;
}

Av1FrameNumber shown(std::uint32_t order_hint) {
    return {.order_hint = order_hint, .refreshed = 1, .shown = true};
}

}  // namespace

TEST_CASE("frame headers tell order hints") {
    const Av1Packet packet = read({hidden_inter, shown_frame(inter, 3), show_existing});
    CHECK(packet.kept() == 3);
    CHECK_FALSE(packet.numbers[0].shown);
    CHECK(packet.numbers[1].shown);
    CHECK(packet.numbers[1].order_hint == 5);
    CHECK(packet.numbers[1].refreshed == 3);
    CHECK(packet.numbers[2].existing);
    CHECK(packet.numbers[2].slot == 2);
}

TEST_CASE("order hints of shown frames count frames, modulo 128") {
    const Av1FrameNumber key_frame{.order_hint = 70, .refreshed = 255, .shown = true, .key = true};
    const Av1FrameNumber hidden{.order_hint = 7, .refreshed = 2};
    const Av1FrameNumber existing{.slot = 1, .existing = true, .shown = true};
    CHECK(skips({shown(126), shown(127), shown(0), shown(1)}) == std::vector<bool>(4, false));
    CHECK(skips({shown(4), shown(6), shown(7)}) == std::vector<bool>{false, true, false});
    CHECK(skips({shown(4), shown(5), key_frame, shown(71)}) == std::vector<bool>(4, false));
    CHECK(skips({shown(5), hidden, shown(6), existing, shown(8)}) == std::vector<bool>(5, false));
    CHECK(skips({shown(5), hidden, shown(6), existing, existing, shown(8)}) == std::vector<bool>(6, false));
    CHECK(skips({shown(4), shown(4)}) == std::vector<bool>{false, true});
}

TEST_CASE("order hints start anew at a key frame that another frame is shown for") {
    const Av1FrameNumber filtered{.order_hint = 0, .refreshed = 255, .key = true};
    const Av1FrameNumber overlay{.order_hint = 0, .shown = true};
    CHECK(skips({shown(2), shown(3), filtered, overlay, shown(1)}) == std::vector<bool>(5, false));
    CHECK(skips({shown(2), shown(3), filtered, shown(1)}) == std::vector<bool>{false, false, false, true});
}

TEST_CASE("a loss that a skipped order hint tells may lie in front of a frame that was shown again") {
    const Av1FrameNumber hidden{.order_hint = 9, .refreshed = 2};
    const Av1FrameNumber again{.slot = 0, .existing = true, .shown = true};
    const Av1FrameNumber existing{.slot = 1, .existing = true, .shown = true};
    int earlier = 0;
    CHECK(skips({hidden, shown(5), again, shown(6), existing}, nullptr, &earlier).back());
    CHECK(earlier == 2);
    const Av1FrameNumber key_frame{.order_hint = 70, .refreshed = 255, .shown = true, .key = true};
    (void)skips({shown(5), again, shown(6), key_frame, shown(71), shown(73)}, nullptr, &earlier);
    CHECK(earlier == 0);
}

TEST_CASE("order hints of a stream whose layers were taken out are not believed") {
    int unbelieved = 0;
    (void)skips({shown(0), shown(2), shown(4), shown(6), shown(8)}, &unbelieved);
    CHECK(unbelieved == 1);
}
