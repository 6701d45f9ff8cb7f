#include "index/active_parameter_sets.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace kf::index {

std::vector<std::uint8_t> parameter_sets_before(const FrameIndex& index, std::int32_t entry, std::int32_t ordinal) {
    std::map<std::pair<std::uint8_t, std::uint32_t>, const ParameterSet*>
        in_force;  // an SPS sorts before the PPSs that refer to it
    const bool nal_units = index.codec == "h264" || index.codec == "hevc";
    const auto& sets = index.parameter_sets;
    const auto by_ordinal = [](const ParameterSet& set, std::int32_t number) { return set.ordinal < number; };
    const auto own = std::lower_bound(sets.begin(), sets.end(), ordinal, by_ordinal);
    for (auto set = ordinal == entry ? sets.begin() : own; set != sets.end() && set->ordinal <= ordinal; ++set) {
        if (set->ordinal < ordinal || set->outside) {
            in_force[{set->type, set->id}] = &*set;
        } else if (!nal_units) {  // an MPEG-4 decoder takes the first of several headers in a packet
            std::erase_if(in_force, [&](const auto& item) { return item.first.first == set->type; });
        }
    }
    std::vector<std::uint8_t> bytes;
    for (const auto& [key, set] : in_force) {
        const std::size_t size = set->nal.size();
        if (index.nal_length_size == 0) bytes.insert(bytes.end(), {0, 0, 1});
        for (int i = index.nal_length_size - 1; i >= 0; --i) bytes.push_back(static_cast<std::uint8_t>(size >> (8 * i)));
        bytes.insert(bytes.end(), set->nal.begin(), set->nal.end());
    }
    return bytes;
}

}  // namespace kf::index
