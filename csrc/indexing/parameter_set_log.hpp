// Follows the parameter sets of a stream in decode order and notes those in the index that change what is in force. A
// decoder opened at any entry can then be given what a sequential decoder would know there. Owns a copy of the sets in
// force. One owner, one thread at a time. It does not read the source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "bitstream/codec.hpp"
#include "bitstream/parameter_sets.hpp"
#include "index/frame_index.hpp"

namespace kf::indexing {

class ParameterSetLog {
public:
    /// The sets in the index's extradata are in force before the first packet.
    explicit ParameterSetLog(const index::FrameIndex& index);

    /// The parameter sets in a packet. True where one of them changes what is in force. Throws Failure (unsupported) where
    /// the stream has more of them than an index may hold.
    bool note_packet(index::FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> bytes);
    /// The parameter sets in a new decoder configuration that comes beside a packet. Throws as note_packet does.
    void note_extradata(index::FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> record);

private:
    [[nodiscard]] bool comes_in_force(const bitstream::FoundParameterSet& set);
    /// outside: the sets come beside the packet, not in its bytes.
    void note(index::FrameIndex& index, std::int32_t ordinal, const std::vector<bitstream::FoundParameterSet>& sets,
              bool outside);

    bitstream::Codec codec_;
    int nal_length_size_;
    std::map<std::pair<std::uint8_t, std::uint32_t>, std::vector<std::uint8_t>> in_force_;
    std::size_t noted_bytes_ = 0;
};

}  // namespace kf::indexing
