// The saved form of an index: what is packed unpacks to the same, and saved bytes are not trusted.
#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "index/index_format.hpp"
#include "index/varint.hpp"

using namespace kf::index;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// Two packets of which the second holds two pictures, one parameter set, a palette.
FrameIndex small_index() {
    FrameIndex index;
    index.stream = 3;
    index.codec = "h264";
    index.pixel_format = "yuv420p";
    index.width = 64;
    index.height = 48;
    index.cropping = {3, 0, 1, 9};
    index.orientation = {270, true};
    index.reorder_depth = 2;
    index.nal_length_size = 4;
    index.time_base = {1, 12800};
    index.average_rate = {25, 1};
    index.last_duration = 512;
    index.source_size = 5000;
    index.missing_packets = 1;
    index.stated_bit_rate = 750'000;
    index.properties = {{16, 11}, 2, 9, 16, 10, 1, 3};
    index.hints = {0x31637661, 64, 48, 24, 1, 2, 3};
    index.extradata = {1, 77, 0, 30};
    index.palette = Bytes(palette_bytes, 9);
    index.parameter_sets = {{1, 7, 3, true, {0x67, 1}}};
    index.packets = {{.position = 48, .order = -512, .size = 900, .droppable = Droppable::no, .direct = true, .entry = true},
                     {.position = 4000,
                      .order = 1024,
                      .size = 1000,
                      .droppable = Droppable::yes,
                      .truncated = true,
                      .completes_previous = true}};
    index.frames = {{0, 1, 0}, {512, 0, 0}, {1024, 1, 1}};
    return index;
}

/// Anything that an index may hold, from a seed.
FrameIndex random_index(unsigned seed) {
    std::mt19937 random(seed);
    const auto below = [&random](std::int64_t end) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(end));
    };
    FrameIndex index = small_index();
    index.source_size = std::int64_t{1} << 40;
    index.palette.clear();
    index.extradata.resize(static_cast<std::size_t>(below(200)));
    index.packets.resize(static_cast<std::size_t>(below(300)));
    for (PacketEntry& packet : index.packets) {
        packet = {below(std::int64_t{1} << 39),
                  below(2 * latest_time) - latest_time,
                  static_cast<std::int32_t>(below(1 << 30)),
                  static_cast<Droppable>(below(3)),
                  below(2) == 1,
                  below(2) == 1,
                  below(2) == 1,
                  below(2) == 1};
    }
    std::vector<std::int32_t> pictures(index.packets.size());
    index.frames.clear();
    for (std::int64_t left = index.packets.empty() ? 0 : below(600); left > 0; --left) {
        const auto ordinal = static_cast<std::int32_t>(below(static_cast<std::int64_t>(index.packets.size())));
        index.frames.push_back(
            {below(2 * latest_time) - latest_time, ordinal, pictures[static_cast<std::size_t>(ordinal)]++});
    }
    return index;
}

/// Why these bytes are refused; empty where they are not.
std::string refusal(const Bytes& bytes) {
    try {
        (void)unpack(bytes);
        return {};
    } catch (const kf::base::Failure& failure) {
        CHECK(failure.error().code == kf::base::ErrorCode::corrupt);
        CHECK(failure.error().stage == kf::base::Stage::index);
        return failure.error().what;
    }
}

/// Packing does not check, so an index that is out of bounds can be packed to see that unpacking does.
template <class Change>
bool refused(const char* why, Change change) {
    FrameIndex index = small_index();
    change(index);
    return refusal(pack(index)).find(why) != std::string::npos;
}

constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

}  // namespace

TEST_CASE("an index unpacks to what was packed") {
    CHECK(unpack(pack(small_index())) == small_index());
    FrameIndex empty = small_index();
    empty.packets.clear();
    empty.frames.clear();
    CHECK(unpack(pack(empty)) == empty);
}

TEST_CASE("generated indices unpack to what was packed") {
    for (unsigned seed = 0; seed < 200; ++seed) {
        FrameIndex index = random_index(seed);
        int packets_of_picture = 0;
        for (PacketEntry& packet : index.packets) {
            packets_of_picture = packet.completes_previous ? packets_of_picture + 1 : 1;
            REQUIRE(packets_of_picture <= most_packets_a_picture);
        }
        CHECK(unpack(pack(index)) == index);
    }
}

TEST_CASE("times and positions at their bounds unpack to what was packed") {
    FrameIndex index = small_index();
    index.source_size = greatest;
    index.packets = {{.position = greatest - INT32_MAX, .order = latest_time, .size = INT32_MAX}, {.order = -latest_time}};
    index.frames = {{-latest_time, 0, 0}, {latest_time, 1, 0}};
    CHECK(unpack(pack(index)) == index);
}

TEST_CASE("every truncation of a saved index is refused") {
    const Bytes whole = pack(small_index());
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(refusal({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}).empty());
}

TEST_CASE("bytes behind a saved index are refused") {
    Bytes longer = pack(small_index());
    longer.push_back(0);
    CHECK(refusal(longer).find("left over") != std::string::npos);
}

TEST_CASE("flipped bits are refused or give an index that packs and unpacks") {
    const Bytes whole = pack(random_index(3));
    std::mt19937 random(5);
    for (int i = 0; i < 2000; ++i) {
        Bytes damaged = whole;
        damaged[random() % damaged.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
        if (!refusal(damaged).empty()) continue;
        const FrameIndex index = unpack(damaged);
        CHECK(unpack(pack(index)) == index);
    }
}

TEST_CASE("each field has its bounds") {
    CHECK(refused("a name", [](FrameIndex& index) { index.codec = "h 264"; }));
    CHECK(refused("a name", [](FrameIndex& index) { index.pixel_format = "\x7F"; }));
    CHECK(refused("width", [](FrameIndex& index) { index.width = 0; }));
    CHECK(refused("width", [](FrameIndex& index) { index.width = (1 << 16) + 1; }));
    CHECK(refused("height", [](FrameIndex& index) { index.height = -1; }));
    CHECK(refused("rotation", [](FrameIndex& index) { index.orientation.clockwise = 45; }));
    CHECK(refused("rotation", [](FrameIndex& index) { index.orientation.clockwise = 360; }));
    CHECK(refused("cropping", [](FrameIndex& index) { index.cropping.left = -1; }));
    CHECK(refused("cropping", [](FrameIndex& index) { index.cropping.bottom = (1 << 16) + 1; }));
    CHECK(refused("reorder depth", [](FrameIndex& index) { index.reorder_depth = 65; }));
    CHECK(refused("NAL length", [](FrameIndex& index) { index.nal_length_size = 5; }));
    CHECK(refused("a rate", [](FrameIndex& index) { index.time_base = {1, 0}; }));
    CHECK(refused("a rate", [](FrameIndex& index) { index.average_rate = {-1, 1}; }));
    CHECK(refused("a rate", [](FrameIndex& index) { index.average_rate = {std::int64_t{1} << 31, 1}; }));
    CHECK(refused("a duration", [](FrameIndex& index) { index.last_duration = -1; }));
    CHECK(refused("a duration", [](FrameIndex& index) { index.last_duration = latest_time + 1; }));
    CHECK(refused("the source's size", [](FrameIndex& index) { index.source_size = -1; }));
    CHECK(refused("a count", [](FrameIndex& index) { index.missing_packets = -1; }));
    CHECK(refused("a hint", [](FrameIndex& index) { index.hints.color_space = -1; }));
    CHECK(refused("palette", [](FrameIndex& index) { index.palette.pop_back(); }));
}

TEST_CASE("parameter sets have their bounds") {
    CHECK(refused("not in order", [](FrameIndex& index) { index.parameter_sets.push_back({0, 7, 0, false, {}}); }));
    CHECK(refused("too long", [](FrameIndex& index) { index.parameter_sets[0].nal.resize(most_parameter_set_bytes + 1); }));
    CHECK(refused("a count", [](FrameIndex& index) { index.parameter_sets.resize(most_parameter_sets + 1); }));
}

TEST_CASE("packets have their bounds") {
    CHECK(refused("outside the source", [](FrameIndex& index) { index.packets[0].position = -1; }));
    CHECK(refused("outside the source", [](FrameIndex& index) { index.packets[1].position = 4001; }));
    CHECK(refused("a packet's size", [](FrameIndex& index) { index.packets[0].size = -1; }));
    CHECK(refused("a timestamp", [](FrameIndex& index) { index.packets[0].order = latest_time + 1; }));
    CHECK(refused("a timestamp", [](FrameIndex& index) { index.packets[0].order = -latest_time - 1; }));
    CHECK(refused("packet flags", [](FrameIndex& index) { index.packets[0].droppable = static_cast<Droppable>(3); }));
    CHECK(refused("too many packets", [](FrameIndex& index) {
        index.packets.resize(most_packets_a_picture + 1);
        for (PacketEntry& packet : index.packets) packet.completes_previous = true;
    }));
}

TEST_CASE("the stream and the properties of the pictures have their bounds") {
    CHECK(refused("the stream", [](FrameIndex& index) { index.stream = -1; }));
    CHECK(refused("the stream", [](FrameIndex& index) { index.stream = 1 << 16; }));
    CHECK(refused("the bit rate", [](FrameIndex& index) { index.stated_bit_rate = -1; }));
    CHECK(refused("a rate", [](FrameIndex& index) { index.properties.sample_aspect_ratio = {1, 0}; }));
    for (auto member :
         {&PictureProperties::field_order, &PictureProperties::color_primaries, &PictureProperties::color_transfer,
          &PictureProperties::color_matrix, &PictureProperties::color_range, &PictureProperties::chroma_location}) {
        CHECK(refused("a property", [member](FrameIndex& index) { index.properties.*member = 256; }));
        CHECK(refused("a property", [member](FrameIndex& index) { index.properties.*member = -1; }));
    }
}

TEST_CASE("frames have their bounds") {
    CHECK(refused("a timestamp", [](FrameIndex& index) { index.frames[0].pts = latest_time + 1; }));
    CHECK(refused("too many pictures", [](FrameIndex& index) { index.frames.assign((1 << 16) + 1, {0, 0, 0}); }));
}

TEST_CASE("a frame must name a packet") {
    FrameIndex index = small_index();
    index.packets.resize(1);
    index.frames = {{-512, 0, 0}};
    Bytes bytes = pack(index);  // ends with the number of frames, the step to the packet and the step of the time
    REQUIRE(refusal(bytes).empty());
    std::uint8_t& step = bytes[bytes.size() - 2];
    for (const std::uint8_t folded : Bytes{1, 2}) {  // -1 and 1
        step = folded;
        CHECK(refusal(bytes).find("names no packet") != std::string::npos);
    }
}

TEST_CASE("an index of the form before is named and refused") {
    // Some frames of MPEG-2 in Matroska, as KFI6 saved them.
    const Bytes saved{0x4b, 0x46, 0x49, 0x36, 0x0a, 0x6d, 0x70, 0x65, 0x67, 0x32, 0x76, 0x69, 0x64, 0x65, 0x6f, 0x07,
                      0x79, 0x75, 0x76, 0x34, 0x32, 0x30, 0x70, 0x40, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                      0x00, 0x02, 0xd0, 0x0f, 0x32, 0x02, 0x50, 0xc2, 0x4e, 0x00, 0x00, 0x40, 0x40, 0x00, 0x00, 0x04,
                      0x00, 0x00, 0x00, 0x00, 0x04, 0x13, 0x21, 0x21, 0x11, 0xc8, 0x0b, 0xcc, 0x07, 0xcf, 0x07, 0xe0,
                      0x09, 0xee, 0x04, 0x1a, 0x1a, 0x1a, 0x00, 0x00, 0x00, 0x02, 0x02, 0x00, 0x04, 0xc0, 0x07, 0x4e};
    CHECK(saved_index_form() == "KFI7");
    CHECK(refusal(saved).find("it has the form KFI6, and this version reads KFI7") != std::string::npos);
    CHECK(refusal({'K', 'F', 'I'}).find("does not begin as one") != std::string::npos);
    CHECK(refusal({'K', 'F', 'I', 0xF6}).find("does not begin as one") != std::string::npos);  // messages are UTF-8
    CHECK(refusal({'P', 'K', 3, 4}).find("does not begin as one") != std::string::npos);
}
