// What packets of VC-1 say: which pictures a decoder shows and when, and where decoding may begin. These are libavcodec's
// rules, as far as they are simple. In doubt it says so, and the pictures have to be decoded to know. No packet is
// droppable: where data are damaged, libavcodec goes on without a word with what the picture before it left, referred to or
// not. Pure; never trusts a length; one owner.
#pragma once

#include <cstdint>

#include "bitstream/packet_facts.hpp"
#include "bitstream/vc1_headers.hpp"

namespace kf::bitstream {

class Vc1Order {
public:
    /// advanced: of that profile.
    void read_extradata(Bytes bytes, bool advanced) noexcept;
    [[nodiscard]] PacketFacts read(Bytes bytes) noexcept;

private:
    [[nodiscard]] PacketFacts read_main(Bytes bytes) noexcept;
    [[nodiscard]] PacketFacts read_advanced(Bytes bytes) noexcept;

    Vc1Sequence sequence_;
    Vc1EntryPoint first_;    // of the extradata
    Vc1EntryPoint current_;  // of the packets so far
    bool changed_ = false;   // the size of pictures
    int references_ = 0;     // pictures that others may refer to, so far
};

}  // namespace kf::bitstream
