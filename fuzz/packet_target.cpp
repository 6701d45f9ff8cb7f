// Fuzzes the packet readers of all codecs. An input is the number of a codec (1 byte), nal_length_size (1 byte), the decoder
// configuration and packets, each behind its size (2 bytes). Each packet is read from a block of memory of just its size.
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bitstream/codec.hpp"
#include "bitstream/nal_units.hpp"
#include "bitstream/packet_reader.hpp"
#include "bitstream/parameter_sets.hpp"
#include "nal_framing.hpp"
#include "require.hpp"

namespace kf::fuzz {

using bitstream::Codec;
using bitstream::PacketFacts;

namespace {

using Bytes = std::span<const std::uint8_t>;
using Packets = std::vector<std::vector<std::uint8_t>>;

constexpr std::array codecs{"h264",       "hevc",       "vp6",   "vp6a", "vp8",   "vp9",     "av1",
                            "mpeg1video", "mpeg2video", "mpeg4", "vc1",  "wmv3",  "wmv2",    "wmv1",
                            "msmpeg4v1",  "msmpeg4v2",  "h263",  "flv1", "mjpeg", "rawvideo"};

/// The configuration comes first. A size larger than the rest of the input takes the rest.
Packets packets_of(Bytes data) {
    Packets packets;
    while (data.size() >= 2) {
        const auto size = std::min<std::size_t>(static_cast<std::size_t>(data[0] << 8 | data[1]), data.size() - 2);
        packets.emplace_back(data.begin() + 2, data.begin() + 2 + static_cast<std::ptrdiff_t>(size));
        packets.back().shrink_to_fit();
        data = data.subspan(2 + size);
    }
    return packets;
}

bool within(Bytes part, Bytes whole) {
    return !part.empty() && part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

void check_facts(const PacketFacts& facts) {
    require(facts.shown >= bitstream::unknown_pictures && facts.shown < 4096, "a packet shows a number of pictures");
    require(!facts.sequence_start || facts.entry, "a sequence starts with an entry");
}

void check_sets(Codec codec, Bytes bytes, int nal_length_size) {
    for (const bitstream::FoundParameterSet& set : bitstream::parameter_sets_in_packet(codec, bytes, nal_length_size))
        require(within(set.nal, bytes), "a parameter set lies in its packet");
    for (const bitstream::FoundParameterSet& set : bitstream::parameter_sets_in_record(codec, bytes, nal_length_size))
        require(within(set.nal, bytes), "a parameter set lies in its record");
}

std::vector<PacketFacts> read_stream(const index::FrameIndex& index, std::span<const std::vector<std::uint8_t>> packets) {
    bitstream::PacketReader reader({index.codec, index.extradata, index.nal_length_size});
    std::vector<PacketFacts> facts;
    for (const auto& packet : packets) facts.push_back(reader.read(packet));
    return facts;
}

bool same(const PacketFacts& a, const PacketFacts& b) {
    return a.shown == b.shown && a.entry == b.entry && a.sequence_start == b.sequence_start && a.delayed == b.delayed &&
           a.completes_previous == b.completes_previous && a.droppable == b.droppable && a.headers == b.headers &&
           a.order == b.order && a.whole == b.whole;
}

}  // namespace
}  // namespace kf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kf;
    if (size < 2) return 0;
    index::FrameIndex index;
    index.codec = fuzz::codecs[data[0] % fuzz::codecs.size()];
    const bitstream::Codec codec = bitstream::codec_of(index.codec);
    fuzz::require(codec != bitstream::Codec::unknown, "the codec has a reader");
    if (bitstream::has_nal_units(codec)) index.nal_length_size = data[1] % 5;
    fuzz::Packets packets = fuzz::packets_of({data + 2, size - 2});
    if (packets.empty()) return 0;
    index.extradata = packets.front();
    const auto stream = std::span(packets).subspan(1);
    const std::vector<bitstream::PacketFacts> facts = fuzz::read_stream(index, stream);
    for (const bitstream::PacketFacts& packet : facts) fuzz::check_facts(packet);
    const auto again = fuzz::read_stream(index, stream);
    fuzz::require(std::equal(facts.begin(), facts.end(), again.begin(), again.end(), fuzz::same),
                  "the facts of a packet depend on it and the packets before it alone");
    for (const auto& packet : packets) {
        fuzz::check_sets(codec, packet, index.nal_length_size);
        if (bitstream::has_nal_units(codec)) (void)bitstream::has_hole(codec, packet, index.nal_length_size);
    }
    if (bitstream::has_nal_units(codec)) fuzz::check_framing(index, packets.front());
    return 0;
}
