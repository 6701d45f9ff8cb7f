// The saved form of an index: a tag, then little-endian base-128 numbers (signed ones zigzag), differences where neighbours
// are close. What packing and unpacking share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kf::packed {

constexpr std::string_view tag = "KFI2";

// Of a packet:
constexpr std::uint64_t direct_flag = 1;
constexpr std::uint64_t entry_flag = 2;
constexpr std::uint64_t cut_flag = 4;
constexpr std::uint64_t continues_flag = 8;
constexpr unsigned droppable_shift = 4;
// Of a parameter set, beside its type:
constexpr std::int32_t outside_flag = 256;

}  // namespace kf::packed
