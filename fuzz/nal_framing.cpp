#include "nal_framing.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "bitstream/codec.hpp"
#include "bitstream/packet_reader.hpp"
#include "bitstream/parameter_sets.hpp"
#include "require.hpp"

namespace kf::fuzz {

using bitstream::FoundParameterSet;
using bitstream::PacketFacts;

namespace {

using Bytes = std::span<const std::uint8_t>;

/// NAL units that every framing can hold: without a start code inside and without a zero at the end.
std::vector<Bytes> plain_units(Bytes data) {
    std::vector<Bytes> units;
    while (data.size() > 1) {
        const std::size_t size = std::min<std::size_t>(data[0], data.size() - 1);
        Bytes unit = data.subspan(1, size);
        data = data.subspan(1 + size);
        constexpr std::uint8_t start_code[] = {0, 0, 1};
        const auto end = std::search(unit.begin(), unit.end(), std::begin(start_code), std::end(start_code));
        unit = unit.first(static_cast<std::size_t>(end - unit.begin()));
        while (!unit.empty() && unit.back() == 0) unit = unit.first(unit.size() - 1);
        if (!unit.empty()) units.push_back(unit);
    }
    return units;
}

std::vector<std::uint8_t> framed(const std::vector<Bytes>& units, int nal_length_size) {
    std::vector<std::uint8_t> packet;
    for (const Bytes unit : units) {
        if (nal_length_size == 0) packet.insert(packet.end(), {0, 0, 1});
        for (int i = 1; i <= nal_length_size; ++i)
            packet.push_back(i == nal_length_size ? static_cast<std::uint8_t>(unit.size()) : 0);
        packet.insert(packet.end(), unit.begin(), unit.end());
    }
    return packet;
}

PacketFacts facts_of(const std::string& codec, Bytes packet, int nal_length_size) {
    return bitstream::PacketReader({codec, {}, nal_length_size}).read(packet);
}

bool same(const PacketFacts& a, const PacketFacts& b) {
    return a.shown == b.shown && a.entry == b.entry && a.sequence_start == b.sequence_start && a.droppable == b.droppable &&
           a.whole == b.whole;
}

bool same_sets(const std::vector<FoundParameterSet>& a, const std::vector<FoundParameterSet>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const FoundParameterSet& x, const FoundParameterSet& y) {
        return x.type == y.type && x.id == y.id && std::equal(x.nal.begin(), x.nal.end(), y.nal.begin(), y.nal.end());
    });
}

}  // namespace

void check_framing(const index::FrameIndex& index, Bytes data) {
    const std::vector<Bytes> units = plain_units(data);
    const bitstream::Codec codec = bitstream::codec_of(index.codec);
    const std::vector<std::uint8_t> expected = framed(units, 0);
    for (const int length_size : {1, 2, 4}) {
        const std::vector<std::uint8_t> packet = framed(units, length_size);
        require(same(facts_of(index.codec, packet, length_size), facts_of(index.codec, expected, 0)),
                "a packet is the same in every framing");
        require(same_sets(bitstream::parameter_sets_in_packet(codec, packet, length_size),
                          bitstream::parameter_sets_in_packet(codec, expected, 0)),
                "parameter sets are the same in every framing");
        if (packet.empty()) continue;
        const PacketFacts cut = facts_of(index.codec, Bytes(packet).first(packet.size() - 1), length_size);
        require(!cut.whole && !cut.droppable, "a packet that is cut short is recognised and never dropped");
    }
}

}  // namespace kf::fuzz
