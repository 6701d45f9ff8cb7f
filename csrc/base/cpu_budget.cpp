#include "base/cpu_budget.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>
#include <string>
#include <thread>

#ifdef __linux__
#include <sched.h>
#endif

namespace kf::base {
namespace {

int affinity_cpus() noexcept {
#ifdef __linux__
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
    return static_cast<int>(std::thread::hardware_concurrency());
}

/// How many CPUs the quota of the cgroup allows; 0 where there is no quota. A group cannot use more than its parent groups
/// allow, so the smallest quota on the way up is in force.
double cgroup_cpus() {
    double cpus = 0.0;
    const auto tighten = [&](double quota, double period) {
        if (quota > 0 && period > 0) cpus = cpus > 0 ? std::min(cpus, quota / period) : quota / period;
    };
    std::ifstream self("/proc/self/cgroup");
    for (std::string line; std::getline(self, line);) {
        if (!line.starts_with("0::")) continue;
        std::string group = line.substr(3);
        while (true) {
            std::ifstream file("/sys/fs/cgroup" + group + "/cpu.max");
            double quota = 0;
            double period = 0;
            if (file >> quota >> period) tighten(quota, period);  // "max" is no number and means no limit
            if (group.empty() || group == "/") break;
            group.erase(group.rfind('/'));
        }
    }
    std::ifstream quota_file("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
    std::ifstream period_file("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
    double quota = 0;
    double period = 0;
    if (quota_file >> quota && period_file >> period) tighten(quota, period);
    return cpus;
}

/// Reads the quota once, because every call asks for it and reading costs as much as all other preparations of a call. This
/// is no local static: the process could fork while another thread holds the lock of its initialisation.
double known_cgroup_cpus() noexcept {
    constexpr double unknown = -1;
    static std::atomic<double> known = unknown;
    if (known == unknown) {
        try {
            known = cgroup_cpus();
        } catch (...) {  // /proc cannot be read: the quota is unknown
            known = 0;
        }
    }
    return known;
}

}  // namespace

int cpu_budget() noexcept {
    const int cpus = std::clamp(affinity_cpus(), 1, max_threads);
    const double quota = known_cgroup_cpus();
    return quota > 0 ? std::min(cpus, std::max(1, static_cast<int>(std::ceil(quota)))) : cpus;
}

}  // namespace kf::base
