#include "convert/kernels/kernel_table.hpp"

namespace kf::convert {

bool has_kernels(KernelSet set) noexcept {
    switch (set) {
        case KernelSet::best:
        case KernelSet::portable: return true;
#ifdef KF_X86_KERNELS
        case KernelSet::avx2:
            return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
        case KernelSet::avx512:
            return has_kernels(KernelSet::avx2) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
        case KernelSet::avx2:
        case KernelSet::avx512: break;
#endif
    }
    return false;
}

const KernelTable& kernel_table(KernelSet set) noexcept {
#ifdef KF_X86_KERNELS
    const bool any = set == KernelSet::best;
    if ((any || set == KernelSet::avx512) && has_kernels(KernelSet::avx512)) return avx512_kernels;
    if ((any || set == KernelSet::avx2) && has_kernels(KernelSet::avx2)) return avx2_kernels;
#else
    (void)set;
#endif
    return portable_kernels;
}

}  // namespace kf::convert
