// From wanted frames to the bytes that have to be fetched from a store before the frames are decoded. A request to a store
// takes tens of milliseconds, so that bytes between two packets of a run are fetched with the packets. Pure arithmetic on an
// index; any thread; never reads bytes.
//   1. The packets of a run that are direct give the stretches that the run reads.
//   2. Packets that only the demuxer can read lie between the place before the run's entry and the place behind its last
//      packet. The demuxer reads the head of the source as well.
//   3. Stretches of one run with a gap that is cheaper to read than a second request are one range. Ranges of different runs
//      are joined where their gap is small.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/frame_index.hpp"
#include "plan/chunks.hpp"

namespace kf::plan {

/// frames: frame numbers within the index, in any order. The ranges are ascending, lie within the source and do not touch.
/// Damage, and containers that cut packets into pieces, may ask for more bytes than these.
[[nodiscard]] std::vector<ByteRange> ranges_to_fetch(const index::FrameIndex& index, std::span<const std::int64_t> frames);

}  // namespace kf::plan
