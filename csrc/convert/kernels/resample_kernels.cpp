#include "convert/kernels/resample_kernels.hpp"

namespace kf {
namespace {

const ResampleKernels& best() noexcept {
#ifdef KF_X86_KERNELS
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (avx512) return resample_kernels_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return resample_kernels_avx2;
#endif
    return resample_kernels_portable;
}

}  // namespace

const ResampleKernels& resample_kernels(bool portable) noexcept {
    static const ResampleKernels& chosen = best();
    return portable ? resample_kernels_portable : chosen;
}

}  // namespace kf
