#include "clock.hpp"

namespace parley::net {

Time now() {
  return Time{std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

std::chrono::steady_clock::time_point steady(Time time) {
  return std::chrono::steady_clock::time_point{time.time_since_epoch()};
}

}  // namespace parley::net
