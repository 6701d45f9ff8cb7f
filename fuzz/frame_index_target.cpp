// Fuzzes the saved frame index. Unpacking either refuses the bytes, or gives an index that survives packing and unpacking
// and that the planner can trust: plans over it stay inside it.
#include <cstdint>

#include "index_checks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kf::fuzz;
    if (const auto index = unpacked({data, size})) check_values_and_plans(*index);
    return 0;
}
