// How many CPUs this process may really use: its affinity mask and its cgroup quota, not the machine's count.
// Any thread; reads /proc and /sys once a call.
#pragma once

namespace kf {

[[nodiscard]] int cpu_budget() noexcept;

}  // namespace kf
