// The saved form of an index: a tag, then little-endian base-128 numbers (signed ones zigzag); packets and frames as
// `packed_packets` has them. What packing and unpacking share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kf::index::packed {

constexpr std::string_view tag = "KFI4";

// Of a parameter set, beside its type:
constexpr std::int32_t outside_flag = 256;

}  // namespace kf::index::packed
