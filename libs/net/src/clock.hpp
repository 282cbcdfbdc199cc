#pragma once

#include <parley/base/time.hpp>

#include <chrono>

namespace parley::net {

/// The one place that reads the clocks. Rounded down, so that a wait for a Time, counted from here,
/// never ends before it.
Time now();

/// For people: it may be set back.
std::chrono::sys_time<Duration> calendar_now();

}  // namespace parley::net
