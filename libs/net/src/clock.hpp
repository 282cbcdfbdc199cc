#pragma once

#include <parley/base/time.hpp>

namespace parley::net {

/// The one place that reads the clock. Rounded down, so that a wait for a Time, counted from here,
/// never ends before it.
Time now();

}  // namespace parley::net
