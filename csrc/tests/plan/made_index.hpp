// Indices made by hand from one word per packet, in decode order: I an entry, P a packet that others refer to, b a droppable
// one, u one of which nobody knows; then the picture's place in presentation order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>

#include "index/frame_index.hpp"

namespace kf::tests {

inline index::FrameIndex made_index(const std::string& packets) {
    index::FrameIndex index;
    index.codec = "h264";
    index.nal_length_size = 4;
    std::istringstream words(packets);
    for (std::string word; words >> word;) {
        index::PacketEntry packet;
        packet.order = std::stoll(word.substr(1));
        packet.entry = word[0] == 'I';
        packet.droppable = word[0] == 'b'   ? index::Droppable::yes
                           : word[0] == 'u' ? index::Droppable::unknown
                                            : index::Droppable::no;
        index.frames.push_back({packet.order, static_cast<std::int32_t>(index.packets.size()), 0});
        index.packets.push_back(packet);
    }
    std::sort(index.frames.begin(), index.frames.end(), [](const auto& a, const auto& b) { return a.pts < b.pts; });
    return index;
}

}  // namespace kf::tests
