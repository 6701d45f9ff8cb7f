// Asks libavcodec what packets alone cannot tell: which pictures it shows, and in which order. The stream is decoded once,
// from its first packet. Owns nothing once the order is known. Any thread; blocks on the source's reads.
#pragma once

#include <cstdint>
#include <vector>

#include "index/frame_index.hpp"
#include "indexing/failure.hpp"
#include "media/source.hpp"

namespace kf::indexing {

/// How far the stream is decoded.
enum class DecodeExtent : std::uint8_t {
    first_entry,  ///< up to the picture of the first entry: every later picture comes out
    whole_stream,
};

struct DecodedOrder {
    std::vector<std::int32_t> ordinals;  ///< of packets, in the order in which their pictures come out of the decoder
    bool pictures_missing = false;       ///< HEVC: slices list pictures that are not in the stream
};

/// Throws Failure.
[[nodiscard]] DecodedOrder decoded_order(const index::FrameIndex& index, const media::Source& source, DecodeExtent extent,
                                         const Stop& stop);

}  // namespace kf::indexing
