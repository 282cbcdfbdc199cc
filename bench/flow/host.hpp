#pragma once

#include <parley/base/time.hpp>
#include <parley/flow/scheduler.hpp>

namespace parley::bench {

/// What raw callbacks and flow both run on.
using Scheduler = flow::ManualScheduler<HostClock>;

inline constexpr Duration limit_of_step = std::chrono::seconds{30};

}  // namespace parley::bench
