// Follows the parameter sets of a stream in decode order and notes in the index those that change what is in force, so that
// a decoder opened at any entry can be given what a sequential one would know there. One owner, one thread at a time.
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
    /// What is in force at first: the sets of the index's extradata.
    explicit ParameterSetLog(const index::FrameIndex& index);

    /// True where the packet changes what is in force.
    bool note_packet(index::FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> bytes);
    /// A new decoder configuration that comes with a packet, outside of it.
    void note_extradata(index::FrameIndex& index, std::int32_t ordinal, std::span<const std::uint8_t> record);

private:
    [[nodiscard]] bool comes_in_force(const bitstream::FoundParameterSet& set);
    /// Throws Failure (unsupported) where there are more than an index may hold.
    void note(index::FrameIndex& index, std::int32_t ordinal, const std::vector<bitstream::FoundParameterSet>& sets,
              bool outside);

    bitstream::Codec codec_;
    int nal_length_size_;
    std::map<std::pair<std::uint8_t, std::uint32_t>, std::vector<std::uint8_t>> in_force_;
    std::size_t noted_bytes_ = 0;
};

}  // namespace kf::indexing
