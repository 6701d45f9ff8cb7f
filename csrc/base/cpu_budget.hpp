// How many CPUs this process may use: its affinity mask and the quota of its cgroup, not the number that the machine has.
// Any thread. The mask is read at each call, the quota once per process.
#pragma once

namespace kf::base {

[[nodiscard]] int cpu_budget() noexcept;

}  // namespace kf::base
