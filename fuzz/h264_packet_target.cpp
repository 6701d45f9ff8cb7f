// The reader of H.264 packets. What it says must not depend on how NAL units are framed: the same ones between start codes
// and behind lengths of 1, 2 or 4 bytes are the same packet.
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/h264_packet.hpp"
#include "require.hpp"

namespace kf::fuzz {
namespace {

using Bytes = std::span<const std::uint8_t>;

bool within(Bytes part, Bytes whole) {
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

/// NAL units that look the same in every framing: no start code, no zero at the end, short enough for a length of one byte.
std::vector<Bytes> plain_units(Bytes data) {
    std::vector<Bytes> units;
    while (data.size() > 1) {
        const std::size_t size = std::min<std::size_t>(data[0], data.size() - 1);
        Bytes unit = data.subspan(1, size);
        data = data.subspan(1 + size);
        constexpr std::uint8_t start_code[] = {0, 0, 1};
        unit = unit.first(static_cast<std::size_t>(
            std::search(unit.begin(), unit.end(), std::begin(start_code), std::end(start_code)) - unit.begin()));
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

bool same(const H264Packet& a, const H264Packet& b) {
    return a.has_slice == b.has_slice && a.idr == b.idr && a.recovery_point == b.recovery_point &&
           a.only_plain == b.only_plain && a.reference == b.reference && a.whole == b.whole;
}

bool same(const std::vector<H264ParameterSet>& a, const std::vector<H264ParameterSet>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const H264ParameterSet& x, const H264ParameterSet& y) {
        return x.type == y.type && x.id == y.id && std::equal(x.nal.begin(), x.nal.end(), y.nal.begin(), y.nal.end());
    });
}

void check_any(Bytes data) {
    for (const int length_size : {0, 1, 2, 4}) {
        const H264Packet packet = read_h264_packet(data, length_size);
        require(packet.has_slice || !(packet.entry() || packet.droppable()), "without a slice it is nothing");
        require(!(packet.droppable() && packet.reference), "what others refer to is never dropped");
        for (const H264ParameterSet& set : parameter_sets_in_packet(data, length_size))
            require(within(set.nal, data) && !set.nal.empty(), "a parameter set lies in its packet");
    }
    for (const H264ParameterSet& set : parameter_sets_in_avcc(data))
        require(within(set.nal, data) && !set.nal.empty(), "a parameter set lies in its record");
}

void check_framing(const std::vector<Bytes>& units) {
    const std::vector<std::uint8_t> annex_b = framed(units, 0);
    const H264Packet expected = read_h264_packet(annex_b, 0);
    const auto sets = parameter_sets_in_packet(annex_b, 0);
    for (const int length_size : {1, 2, 4}) {
        const std::vector<std::uint8_t> packet = framed(units, length_size);
        require(same(read_h264_packet(packet, length_size), expected), "a packet is the same in every framing");
        require(same(parameter_sets_in_packet(packet, length_size), sets), "parameter sets are the same in every framing");
        if (packet.empty()) continue;
        const auto cut = read_h264_packet(Bytes(packet).first(packet.size() - 1), length_size);
        require(!cut.whole && !cut.droppable(), "a packet that is cut short is told and never dropped");
    }
}

}  // namespace
}  // namespace kf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::uint8_t> bytes(data, size);
    kf::fuzz::check_any(bytes);
    kf::fuzz::check_framing(kf::fuzz::plain_units(bytes));
    return 0;
}
