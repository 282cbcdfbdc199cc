#include "clock.hpp"

#include <chrono>

namespace parley::net {

Time now() {
  return Time{std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

}  // namespace parley::net
