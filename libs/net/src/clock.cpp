#include "clock.hpp"

#include <chrono>

namespace parley::net {

Time now() {
  return Time{std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

std::chrono::sys_time<Duration> calendar_now() {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

}  // namespace parley::net
