// Tells which VC-1 packets decoding may begin with. Which pictures a VC-1 decoder shows is not told: the stream is decoded
// once to know. No packet is droppable: where data are damaged, libavcodec silently goes on with what the picture before
// left, even if nothing refers to that picture. Pure; any thread, one owner; never trusts a length.
#pragma once

#include "bitstream/packet_facts.hpp"
#include "bitstream/vc1_headers.hpp"

namespace kf::bitstream {

class Vc1Entries {
public:
    /// advanced: of that profile; otherwise simple or main (WMV3).
    void read_extradata(Bytes bytes, bool advanced) noexcept;
    [[nodiscard]] PacketFacts read(Bytes bytes) noexcept;

private:
    [[nodiscard]] PacketFacts read_advanced(Bytes bytes) noexcept;

    Vc1Sequence sequence_;
    Vc1EntryPoint first_;    // of the extradata: what a decoder knows that begins with a packet in the middle
    Vc1EntryPoint current_;  // of the packets so far: what a decoder knows that began with the first packet
};

}  // namespace kf::bitstream
