// How many CPUs this process may use: its affinity mask and the quota of its cgroup, not the number that the machine has.
// Any thread. The mask is read at each call, the quota once per process.
#pragma once

namespace kf::base {

/// The most threads that decode at once, whatever a caller asks for.
inline constexpr int max_threads = 1024;

/// From 1 to max_threads.
[[nodiscard]] int cpu_budget() noexcept;

}  // namespace kf::base
