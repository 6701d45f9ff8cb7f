// The passes of a run over a fake decoder: a function of the packets that it was sent, as libavcodec's outcome is.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/run_passes.hpp"
#include "fake_decoder.hpp"

namespace {

using kf::engine::PacketOutcome;
using kf::engine::RunPasses;
using kf::index::FrameIndex;
using kf::plan::Run;
using kf::tests::FakeDecoder;
using kf::tests::FakePacket;
using kf::tests::index_of;
using kf::tests::referenced;
using kf::tests::Stream;
using kf::tests::unreferenced;

struct Outcome {
    bool failed = true;
    bool damaged = false;
    std::string pixels;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

struct Decoded {
    std::map<std::int32_t, Outcome> frames;
    std::vector<std::vector<std::int32_t>> passes;  ///< the packets sent in each
};

/// Does what RunJob does, with the fake decoder.
Decoded decode(const Stream& stream, std::vector<std::int32_t> wanted) {
    const FrameIndex index = index_of(stream);
    const Run run{0, std::move(wanted)};
    RunPasses passes(index, run);
    Decoded decoded;
    for (const std::int32_t ordinal : run.wanted) decoded.frames[ordinal] = {};
    bool again = true;
    while (again) {
        FakeDecoder decoder(stream);
        for (std::int32_t ordinal = 0; ordinal <= passes.last(); ++ordinal) {
            const FakePacket& packet = stream[static_cast<std::size_t>(ordinal)];
            PacketOutcome outcome;
            if (packet.truncated) outcome.flaws.push_back({ordinal, "truncated"});
            const bool sent = passes.sends(ordinal, packet.unreferenced, false);
            if (packet.lost_before && (sent || !packet.unreferenced)) outcome.flaws.push_back({ordinal, "lost"});
            if (sent) decoder.decode(ordinal, outcome);
            passes.add(std::move(outcome));
            if (sent && passes.is_decided_at(ordinal)) break;
        }
        PacketOutcome last;
        decoder.give_out_held(last);
        passes.add(std::move(last));
        for (const std::int32_t one : run.wanted) {
            if (!decoder.pictures.contains(one)) passes.add_missing(one);
        }
        for (const auto& [ordinal, pixels] : decoder.pictures) {
            if (run.wants(ordinal) && passes.keeps_output_of(ordinal)) decoded.frames[ordinal] = {false, false, pixels};
        }
        decoded.passes.push_back(decoder.sent);
        REQUIRE(decoded.passes.size() <= 2 * stream.size() + 2);
        again = passes.begin_next_pass();
        for (auto& [ordinal, frame] : decoded.frames) {
            if (again && passes.keeps_output_of(ordinal)) frame = {};
        }
    }
    for (auto& [ordinal, frame] : decoded.frames) {
        if (passes.loses(ordinal)) frame = {};
        frame.damaged = passes.damage(ordinal) != nullptr;
    }
    return decoded;
}

std::vector<std::int32_t> damaged(const Decoded& decoded) {
    std::vector<std::int32_t> ordinals;
    for (const auto& [ordinal, frame] : decoded.frames) {
        if (frame.damaged) ordinals.push_back(ordinal);
    }
    return ordinals;
}

using Ordinals = std::vector<std::int32_t>;
using Passes = std::vector<Ordinals>;

FakePacket flawed(FakePacket packet) {
    packet.flawed = true;
    return packet;
}

FakePacket misleading(FakePacket packet) {
    packet.misleads = true;
    return packet;
}

}  // namespace

TEST_CASE("a sound run is decoded once, without unwanted unreferenced pictures") {
    const Stream stream{referenced, unreferenced, unreferenced, referenced, referenced};
    const Decoded decoded = decode(stream, {2, 3});
    CHECK(decoded.passes == Passes{{0, 2, 3}});
    CHECK(damaged(decoded).empty());
    CHECK(decoded.frames.at(2).pixels == "2");
    CHECK(decoded.frames.at(3).pixels == "3");
}

TEST_CASE(
    "a pass goes on behind damage to a packet that shows a picture, because a decoder that ends before it names wrong "
    "ones") {
    FrameIndex index = index_of({referenced, referenced, referenced});
    index.frames.erase(index.frames.begin() + 1);
    const Run run{0, {0, 2}};
    RunPasses passes(index, run);
    CHECK(passes.sends(0, false, false));
    CHECK_FALSE(passes.is_decided_at(0));
    CHECK(passes.sends(1, false, false));
    passes.add({{{1, "damaged"}}, {}});
    CHECK_FALSE(passes.is_decided_at(1));
    CHECK(passes.is_decided_at(2));
}

TEST_CASE("a flaw in an unreferenced picture is that picture's alone") {
    const Stream stream{referenced, flawed(unreferenced), referenced, unreferenced, referenced};
    const Decoded decoded = decode(stream, {0, 1, 2, 3});
    CHECK(decoded.passes == Passes{{0, 1, 2, 3}, {0, 2, 3}, {0, 1, 2, 4}});
    CHECK(damaged(decoded) == Ordinals{1});
    CHECK(decoded.frames.at(1).pixels == "flawed 1");
}

TEST_CASE("a flaw in the only wanted picture, which is unreferenced") {
    const Stream stream{referenced, flawed(unreferenced), referenced};
    const Decoded decoded = decode(stream, {1});
    CHECK(decoded.passes == Passes{{0, 1}, {0, 2}, {0, 1, 2}});
    CHECK(damaged(decoded) == Ordinals{1});
}

TEST_CASE("a flaw in a referenced picture reaches every picture after it, whose pixels come from all packets") {
    const Stream stream{referenced, unreferenced, flawed(referenced), unreferenced, referenced};
    const Decoded decoded = decode(stream, {1, 2, 4});
    CHECK(decoded.passes == Passes{{0, 1, 2}, {0, 2}, {0, 1, 2, 3, 4}});
    CHECK(damaged(decoded) == Ordinals{2, 4});
    CHECK(decoded.frames.at(1).pixels == "1");
    CHECK(decoded.frames.at(4).pixels == "0 1 2 3 4 ");
}

TEST_CASE("a referenced picture that only an unreferenced one before it spoils is sound") {
    const Stream stream{referenced, misleading(unreferenced), referenced, unreferenced, referenced};
    const Decoded decoded = decode(stream, {1, 2, 3});
    CHECK(decoded.passes == Passes{{0, 1, 2}, {0, 2, 4}, {0, 1, 2, 4}, {0, 2, 3, 4}});
    CHECK(damaged(decoded).empty());
}

TEST_CASE("a picture that does not come out because of an unreferenced one before it comes out without it") {
    const Stream stream{referenced, {.unreferenced = true, .swallows_next = true}, unreferenced, referenced};
    const Decoded decoded = decode(stream, {1, 2, 3});
    CHECK(decoded.passes == Passes{{0, 1, 2, 3}, {0, 3}, {0, 1, 3}, {0, 2, 3}});
    CHECK_FALSE(decoded.frames.at(2).failed);
    CHECK(damaged(decoded).empty());
}

TEST_CASE("a lost reference damages every picture after it, those that nothing refers to as well") {
    const FakePacket unreferenced_after{.unreferenced = true, .lost_before = true};
    const Stream stream{referenced, unreferenced, unreferenced_after, unreferenced_after, {.lost_before = true}, referenced};
    CHECK(damaged(decode(stream, {0, 1, 2, 3, 4, 5})) == Ordinals{2, 3, 4, 5});
    CHECK(damaged(decode(stream, {1, 3})) == Ordinals{3});
}

TEST_CASE("a truncated packet is a flaw, whatever the decoder says") {
    const Stream stream{referenced, {.truncated = true}, referenced};
    const Decoded decoded = decode(stream, {2});
    CHECK(decoded.passes == Passes{{0, 1}, {0, 1, 2}});
    CHECK(damaged(decoded) == Ordinals{2});
}

TEST_CASE("a picture that is lost because the packet after it fails comes out of a pass that ends with it") {
    const Stream stream{referenced, unreferenced, referenced, {.flawed = true, .loses_held = true}, referenced};
    const Decoded decoded = decode(stream, {1, 2, 3});
    CHECK(decoded.passes == Passes{{0, 1, 2, 3}, {0, 2, 3}, {0, 1, 2, 3, 4}, {0, 2}, {0, 1, 2, 3, 4}});
    CHECK(decoded.frames.at(2) == decode(stream, {2}).frames.at(2));
    CHECK_FALSE(decoded.frames.at(2).failed);
    CHECK(damaged(decoded) == Ordinals{3});
}

TEST_CASE("a damaged picture that is lost because the packet after it fails is lost in every request") {
    const Stream stream{referenced, {.flawed_late = true}, {.flawed = true, .loses_held = true}, referenced};
    CHECK(decode(stream, {1}).frames.at(1).failed);
    CHECK(decode(stream, {1, 2, 3}).frames.at(1).failed);
}

TEST_CASE("a picture that needs an unreferenced picture is sound whether that is wanted or not") {
    const Stream stream{referenced, unreferenced, {.unreferenced = true, .needs = 1}, {.needs = 2}, referenced};
    CHECK(decode(stream, {2}).passes == Passes{{0, 2}, {0, 1, 2, 3, 4}});
    for (const Ordinals& wanted : {Ordinals{2}, Ordinals{3, 4}, Ordinals{1, 2, 3}, Ordinals{0, 2, 4}}) {
        for (const auto& [ordinal, frame] : decode(stream, wanted).frames)
            CHECK(frame == Outcome{false, false, std::to_string(ordinal)});
    }
}

TEST_CASE("once the decoder's tolerance of errors has changed, the pass with all packets decides") {
    const Stream stream{referenced, {.changes_tolerance = true}, flawed(unreferenced), referenced, flawed(referenced)};
    const Decoded decoded = decode(stream, {2, 3, 4});
    CHECK(decoded.passes == Passes{{0, 1}, {0, 1}, {0, 1, 2, 3, 4}});
    CHECK(damaged(decoded).empty());
}

namespace {

Stream drawn(std::mt19937& random, std::size_t packets) {
    const auto chance = [&random](unsigned percent) { return random() % 100 < percent; };
    Stream stream{referenced};
    while (stream.size() < packets) {
        FakePacket packet;
        packet.truncated = chance(5);
        packet.unreferenced = !packet.truncated && chance(50);
        packet.flawed = chance(15);
        packet.loses_held = chance(50);
        packet.lost_before = chance(5);
        if (packet.unreferenced) {
            packet.misleads = chance(15);
            packet.swallows_next = chance(10);
        } else {
            packet.changes_tolerance = chance(5);
            packet.flawed_late = chance(10);
        }
        stream.push_back(packet);
    }
    return stream;
}

}  // namespace

TEST_CASE("what becomes of a frame never depends on which other frames are wanted") {
    constexpr std::size_t packets = 7;
    std::mt19937 random(1);
    for (int round = 0; round < 300; ++round) {
        const Stream stream = drawn(random, packets);
        std::vector<Outcome> alone;
        for (std::int32_t ordinal = 0; ordinal < static_cast<std::int32_t>(packets); ++ordinal)
            alone.push_back(decode(stream, {ordinal}).frames.at(ordinal));
        for (unsigned subset = 1; subset < 1U << packets; ++subset) {
            Ordinals wanted;
            for (std::int32_t ordinal = 0; ordinal < static_cast<std::int32_t>(packets); ++ordinal) {
                if ((subset >> ordinal & 1U) != 0) wanted.push_back(ordinal);
            }
            for (const auto& [ordinal, frame] : decode(stream, wanted).frames) {
                CAPTURE(round);
                CAPTURE(subset);
                CAPTURE(ordinal);
                CAPTURE(frame.pixels);
                CAPTURE(alone[static_cast<std::size_t>(ordinal)].pixels);
                CAPTURE(frame.damaged);
                REQUIRE(frame == alone[static_cast<std::size_t>(ordinal)]);
            }
        }
    }
}
