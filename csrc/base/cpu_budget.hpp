// How many CPUs this process may really use: its affinity mask and its cgroup quota, not the machine's count.
// Any thread. The mask is asked for each time, the quota once a process.
#pragma once

namespace kf::base {

[[nodiscard]] int cpu_budget() noexcept;

}  // namespace kf::base
