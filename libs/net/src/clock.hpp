#pragma once

#include <parley/base/time.hpp>

#include <chrono>

namespace parley::net {

/// The one place that reads the clock. Rounded down, so that a timer set for a Time never finds it
/// still to come.
Time now();

/// The moment of the system's steady clock that a Time means.
std::chrono::steady_clock::time_point steady(Time time);

}  // namespace parley::net
