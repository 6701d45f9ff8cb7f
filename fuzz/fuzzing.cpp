// A target that libFuzzer drives is linked with this file instead of replay.cpp.
#include "draw.hpp"

namespace kf::fuzz {

const bool every_check = false;

}  // namespace kf::fuzz
