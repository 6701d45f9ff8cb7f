// The saved frame index. Whatever bytes come, unpacking refuses them or gives an index that packs to bytes which unpack to
// the same, and that everything after it may trust: planning runs over it touches nothing outside.
#include <cstdint>

#include "index_checks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kf::fuzz;
    if (const auto index = unpacked({data, size})) check_values_and_plans(*index);
    return 0;
}
