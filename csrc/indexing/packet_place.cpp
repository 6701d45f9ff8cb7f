#include "indexing/packet_place.hpp"

#include <algorithm>
#include <vector>

namespace kf::indexing {
namespace {

constexpr std::size_t longest_block_header = 2048;  // an elementary stream is read in pieces of 1024 bytes
// Compared bytes per byte looked at. More comparisons are needed only where a file was made to take long.
constexpr std::size_t most_comparisons = 16;

}  // namespace

std::int64_t find_packet(const media::Source& source, std::int64_t block, std::span<const std::uint8_t> packet) {
    if (block < 0) return -1;
    std::vector<std::uint8_t> around(packet.size() + longest_block_header);
    around.resize(source.read_at(block, around));
    std::size_t compared = 0;
    for (std::size_t at = 0; at + packet.size() <= around.size(); ++at) {
        const auto differs = std::mismatch(packet.begin(), packet.end(), around.begin() + static_cast<std::ptrdiff_t>(at));
        if (differs.first == packet.end()) return block + static_cast<std::int64_t>(at);
        compared += static_cast<std::size_t>(differs.first - packet.begin());
        if (compared > most_comparisons * (packet.size() + longest_block_header)) break;
    }
    return -1;
}

}  // namespace kf::indexing
