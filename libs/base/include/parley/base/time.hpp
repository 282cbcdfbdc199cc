#pragma once

#include <chrono>

namespace parley {

using Duration = std::chrono::milliseconds;

/// The clock of whoever hosts a core. Cores never read it: they are handed a Time.
struct HostClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<HostClock>;
  static constexpr bool is_steady = true;
};

/// A moment of the host's monotonic clock, to the millisecond.
using Time = HostClock::time_point;

}  // namespace parley
